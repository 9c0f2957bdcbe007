<?php get_header(); the_post(); $here = get_post(); ?>
<div class="breadcrumb"><a href="<?php echo esc_url(home_url('/')); ?>">Home</a><?php foreach (get_the_category() as $category) : ?> / <span><?php echo esc_html($category->name); ?></span><?php endforeach; ?></div>
<article <?php post_class('entry'); ?>>
<header class="entry-header"><h1 class="entry-title"><?php the_title(); ?></h1>
<p class="entry-meta"><span class="entry-date"><?php echo esc_html(get_the_date('m/d/Y')); ?></span><span class="entry-author-name"><?php the_author(); ?></span> |</p></header>
<div class="entry-content">
<?php if (has_excerpt()) : ?><p class="deck"><?php echo esc_html(get_the_excerpt()); ?></p><?php endif; ?>
<?php the_content(); ?>
<p class="reported-by">Reported by <?php the_author(); ?></p>
</div>
<footer class="entry-footer"><p class="entry-meta"><?php echo get_the_tag_list('<span class="entry-tags">Tagged With: ', ', ', '</span>'); ?></p></footer>
</article>
<section class="author-box"><img src="<?php echo esc_url(home_url('/wp-content/uploads/face.jpg')); ?>" alt="<?php echo esc_attr(get_the_author()); ?> profile picture">
<h4 class="author-box-title"><?php the_author(); ?></h4>
<div class="author-box-content"><p><?php echo esc_html(get_the_author_meta('description')); ?></p></div></section>
<section class="related"><h3>Related articles</h3><ul>
<?php foreach (courier_posts(['orderby' => 'title', 'order' => 'ASC']) as $post) { echo courier_teaser($post); } ?>
</ul></section>
<section class="keep-reading"><h3>Keep Reading</h3><ul>
<?php foreach (courier_posts(['orderby' => 'date']) as $post) { echo courier_teaser($post, '<p>' . esc_html(get_the_excerpt($post)) . '</p>'); } ?>
</ul></section>
<?php $post = $here; setup_postdata($post); get_footer();
