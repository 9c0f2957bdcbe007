"""part of a page → what of it is no text of the article: menus, sharing, related articles, captions, author boxes. Pure.

Three things tell: the element itself, the words of its class and id, and that it holds little but links. An element that
holds most of the words of the part is no furniture, whatever it is called: some sites name their body "post meta". Lines
that say only what stands elsewhere, or lead to something else, go in the same way.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from lxml import etree

from crawler.pages.dateline import gives_a_date

_ELEMENTS = frozenset(
    [
        "nav",
        "aside",
        "footer",
        "form",
        "figure",
        "figcaption",
        "menu",
        "dialog",
        "header",
        "button",
        "label",
        "select",
        "textarea",
    ]
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LINKED = frozenset(
    ["ul", "ol", "dl", "p", "div", "section", "table", "h1", "h2", "h3", "h4", "h5", "h6", "center", "span"]
)
_MOSTLY = 0.8
"""Share of a part's text in links from which the part leads elsewhere."""
_LITTLE = 400
"""Characters up to which what is called furniture is that, even where it is longer than the story."""
_SENTENCE = re.compile(r".{60,}[.!?。！？]['\"”’»」]?", re.DOTALL)
_WORDS = re.compile(
    r"""(?<![a-z0-9])(?:
    shar(?:e|es|ing|ebar|ethis|edaddy|elinks?)|socials?|addtoany|addthis|sns
    |related\w*|recommend\w*|recirc\w*|relacionad\w*|more-(?:stories|news|from|on|like|posts|articles)
    |read-?(?:more|next|also)|also-?read|see-?also|keep-reading|post-?nav\w*|(?:next|prev|previous)-(?:post|article|story)
    |most-?(?:read|popular|viewed|shared|commented)|popular|trending|latest-(?:posts|news|comments)
    |newsletters?|subscribe|subscription|sign-?up|donat\w+|support-us|paywall|regwall|piano
    |comments?|commentlist|respond|disqus|reactions
    |breadcrumbs?|navigation|nav|navbar|menu|submenu|pagination|pager|paging|page-links|skip-?links?|toolbar|toolbox
    |captions?|authors?|about-?author|bio
    |ads?|advert\w*|adsbygoogle|sponsor\w*|promo\w*|outbrain|taboola
    |cookies?|consent|gdpr|popup|modal|tooltip|sr-only|screen-reader\w*|screen-reader-text|visually-?hidden
    |sidebar|widget-?area|copyright|disclaimer|toc|wp-embedded-content|wp-block-buttons
    )(?![a-z0-9])""",
    re.VERBOSE,
)
_LABEL_NAMES = re.compile(
    r"""(?<![a-z0-9])(?:
    credits?|photo-?credit|byline\w*|writer|reporter|journalist
    |tag|tags|taglist|tagcloud|tag-?links|keywords?|topics|cat-links|categories|filed-under|post-?terms
    |meta|metadata|entry-header|article-header|post-header|post-?info|article-?info
    |deck|dek|standfirst|sub-?title|sub-?headline|kicker|overline|eyebrow
    )(?![a-z0-9])""",
    re.VERBOSE,
)
"""Names of what labels an article: a long text without links that is called so is called so by accident."""
_SAYS_OTHERWISE = (
    "tag-",
    "category-",
    "term-",
    "post-tag-",
    "has-",
    "enable-",
    "with-",
    "no-",
    "without-",
    "is-",
    "show-",
)
"""How class names begin that do not say what an element is: WordPress writes an article's tags there, others its features."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

_LEAD = re.compile(
    r"(by|von|par|di)\s+\S.{0,60}|\(?(photo|image|picture|illustration|screenshot|credits?|courtesy|file photo)\b.{0,120}",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"((reported by|tagged with|filed under|share this|source|pages|next page|read or share this|copyright)\b"
    r"|©|ⓒ|all rights reserved|저작권자|무단\s?전재|\(end\)|\(끝\)|[\w.+-]{1,60}@[\w.-]{1,60}$"
    r"|(topics?|tags?|keywords?|thèmes?|mots-clés|schlagworte|etiquetas|temas|argomenti|теги|темы|태그|키워드|标签|標籤|タグ|キーワード)"
    r"\s?[:：]).{0,200}",
    re.IGNORECASE | re.DOTALL,
)
_LEADS_ELSEWHERE = re.compile(
    r"(related (topics|articles?|stories|content|posts|news)|read (more|also|next)|see also|also read|recommended"
    r"|you may also like|more (on|from) (this|the)\b|keep reading|most (read|popular)|don.t miss|latest news"
    r"|subscribe (to|now)|sign up (for|to)|newsletter|advertisement|story continues below|share this( article| story)?"
    r"|관련\s?기사|추천\s?기사|많이 본|関連記事|あわせて読みたい|広告|相关(新闻|阅读|文章|报道)|延伸閱讀|相關(新聞|文章)|推荐阅读"
    r"|читайте также|материалы по теме|реклама|lire aussi|à lire aussi|lesen sie auch|mehr zum thema|leer más|leggi anche"
    r")(\s?[:：].{0,200}|.{0,20})",
    re.IGNORECASE | re.DOTALL,
)
_LABEL_WORDS = """
by from on at in and date published updated modified posted written edited text words topic topics tag tags tagged keywords
filed under section category categories par publié le mis à jour von veröffentlicht am por publicado el di
january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept
oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun am pm utc gmt
기자 입력 수정 등록 승인 발행 작성 最終更新 更新日 公開日 投稿日 发布时间 来源 опубликовано обновлено автор
"""
_LABELS = frozenset(_LABEL_WORDS.split())
"""Words that only lead to what a page says of itself: "Published 9 October by Una Hale. Topics: harbour"."""
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_LABEL = 400
_MOST_FACTS = 60
_SHORTEST_FACT = 2
_AT_AN_EDGE = 4
"""How many lines at either end of a body may only state what the page says of itself."""


def furniture_in(root: etree._Element) -> list[etree._Element]:
    """Give the elements below ``root`` that are no part of what it tells; those inside of others are not named again."""
    weights = _weighed(root)
    most = max(_plain(weights[root]) / 2, _LITTLE)
    found: list[etree._Element] = []
    gone: set[etree._Element] = set()
    for node in root.iterdescendants(etree.Element):
        if node.getparent() in gone:
            gone.add(node)
        elif _is_furniture(node, weights[node]) and _plain(weights[node]) <= most:
            gone.add(node)
            found.append(node)
    return found


def _is_furniture(node: etree._Element, weight: tuple[int, int]) -> bool:
    tag = str(node.tag)
    if tag in _ELEMENTS or "hidden" in node.attrib or _UNSEEN.search(node.get("style", "")):
        return True
    names = f"{node.get('class', '')} {node.get('id', '') if tag not in _HEADINGS else ''}"
    kind = _kind(names) if names != " " else ""
    if kind:
        return kind == "furniture" or _plain(weight) <= _LITTLE
    return tag in _LINKED and _leads_elsewhere(node, weight)


@lru_cache(maxsize=8_192)
def _kind(names: str) -> str:
    """Tell by the words of a class and an id what an element is: ``furniture``, a ``label`` of the article, or neither."""
    parts = [_CAMEL.sub("-", name.partition("--")[0]).lower().replace("_", "-") for name in names.split()]
    own = [part for part in parts if not part.startswith(_SAYS_OTHERWISE) and "-has-" not in part]
    if any(_WORDS.search(part) for part in own):
        return "furniture"
    return "label" if any(_LABEL_NAMES.search(part) for part in own) else ""


def _leads_elsewhere(node: etree._Element, weight: tuple[int, int]) -> bool:
    """Tell of a list of links, or of a headline that is one; a whole sentence that is a link is part of the story."""
    text, linked = weight
    if not text or linked < _MOSTLY * text or (node.tag == "span" and node.getparent().tag == "a"):
        return False
    return _SENTENCE.fullmatch("".join(node.itertext()).strip()) is None


def _weighed(root: etree._Element) -> dict[etree._Element, tuple[int, int]]:
    """Count the characters of each element, and those of them that stand in links, from the leaves up."""
    weights: dict[etree._Element, tuple[int, int]] = {}
    for _, node in etree.iterwalk(root, events=("end",)):
        if not isinstance(node.tag, str) or node.tag in {"script", "style", "noscript", "template"}:
            weights[node] = (0, 0)
            continue
        text, linked = len((node.text or "").strip()), 0
        for child in node:
            inside = weights.get(child, (0, 0))
            text += inside[0] + len((child.tail or "").strip())
            linked += inside[1]
        weights[node] = (text, text if node.tag == "a" else linked)
    return weights


def _plain(weight: tuple[int, int]) -> int:
    return weight[0] - weight[1]


def facts_of(stated: Iterable[str]) -> list[str]:
    """Give what is stated as it is looked for: folded, the longest first, and no more of it than a page of news has."""
    facts = {" ".join(fact.split()).casefold() for fact in stated}
    return sorted(facts - {""}, key=lambda fact: (-len(fact), fact))[:_MOST_FACTS]


def only_states(text: str, facts: Iterable[str]) -> bool:
    """Tell whether a short text holds nothing but what is stated, figures, and words that lead to it."""
    if not text or len(text) > _LONGEST_LABEL:
        return False
    rest = " ".join(text.split()).casefold()
    if rest in facts:
        return True
    if _SENTENCE.fullmatch(text):
        return False
    for fact in facts:
        if len(fact) >= _SHORTEST_FACT:
            rest = rest.replace(fact, " ")
    return all(word in _LABELS for word in _WORD.findall(rest))


def _labels(line: str, facts: Sequence[str]) -> bool:
    return only_states(line, facts) or gives_a_date(line)


def told(found: Sequence[tuple[str, str]], facts: Sequence[str]) -> list[str]:
    """Give the lines of a body that tell the story, of its blocks as (tag, text).

    Headings, bylines and picture credits before the first paragraph go, and so do the reporter's line after the last,
    headings that nothing follows, lines at both ends that only state ``facts``, and lines anywhere that lead elsewhere.
    """
    kept = [(tag, text) for tag, text in found if not _LEADS_ELSEWHERE.fullmatch(text)]
    start, end = 0, len(kept)
    while start < end and (kept[start][0] in _HEADINGS or _LEAD.fullmatch(kept[start][1])):
        start += 1
    while end > start and (kept[end - 1][0] in _HEADINGS or _TAIL.fullmatch(kept[end - 1][1])):
        end -= 1
    lines = [text for _, text in kept[start:end]]
    edges = {*range(_AT_AN_EDGE), *range(len(lines) - _AT_AN_EDGE, len(lines))}
    return [line for at, line in enumerate(lines) if at not in edges or not _labels(line, facts)]
