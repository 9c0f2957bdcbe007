"""outlet → HTML and XML: the pages, feeds and sitemap of an outlet as text.

The templates of a layout lie in a folder of its name. Every value is escaped; what the templates do not know is an error.
"""

from datetime import UTC, datetime
from email.utils import format_datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scheduler.demo.magazine import Post, slug_of
from scheduler.demo.outlet import Outlet, Page


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _printed(moment: datetime) -> str:
    return moment.strftime("%m/%d/%Y")


def _spelt_out(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


_TEMPLATES = Environment(
    loader=PackageLoader("scheduler.demo", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {"rfc822": _rfc822, "printed": _printed, "spelt_out": _spelt_out, "slug": slug_of}


def article_page(outlet: Outlet, post: Post) -> str:
    """Return an article in the furniture of its outlet."""
    return _render(
        f"{outlet.magazine.layout}/article.html",
        outlet,
        lang=post.lang,
        post=post,
        author=outlet.magazine.author(post.author),
        body=article_body(post),
        related=outlet.related(post),
        keep_reading=outlet.keep_reading(post),
    )


def article_body(post: Post) -> Markup:
    """Return the paragraphs of an article as HTML, without anything around them."""
    lines = (
        Markup("<h2>{}</h2>").format(paragraph[3:])
        if paragraph.startswith("## ")
        else Markup("<p>{}</p>").format(paragraph)
        for paragraph in post.paragraphs
    )
    return Markup("\n").join(lines)


def archive_page(outlet: Outlet, page: Page, *, heading: str, path: str) -> str:
    """Return one page of a list of articles. ``path`` is the address of its first page, with a slash at both ends."""
    return _render(
        f"{outlet.magazine.layout}/archive.html",
        outlet,
        lang=outlet.magazine.lang,
        page=page,
        heading=heading,
        path=path,
    )


def feed(outlet: Outlet, page: Page, *, heading: str, path: str) -> str:
    """Return one page of a list of articles as RSS 2.0 with summaries."""
    return _render("feed.xml", outlet, page=page, heading=heading, path=path)


def sitemap_index(outlet: Outlet) -> str:
    """Return the index that names the one sitemap of the articles."""
    return _render("sitemap_index.xml", outlet)


def sitemap(outlet: Outlet) -> str:
    """Return the sitemap of all articles, with the time of their last change."""
    return _render("sitemap.xml", outlet)


def robots(outlet: Outlet) -> str:
    """Return the rules for robots: the workroom is closed, the articles are open."""
    lines = ["User-agent: *", "Disallow: /wp-admin/", "Allow: /wp-admin/admin-ajax.php"]
    if outlet.is_open("sitemap"):
        lines += ["", f"Sitemap: {outlet.url}/wp-sitemap.xml"]
    return "\n".join(lines) + "\n"


def _render(template: str, outlet: Outlet, **values: object) -> str:
    return _TEMPLATES.get_template(template).render(outlet=outlet, magazine=outlet.magazine, **values)
