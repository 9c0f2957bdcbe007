<?php get_header(); ?>
<div class="archive-description"><h1 class="archive-title"><?php is_tag() ? single_tag_title() : bloginfo('name'); ?></h1></div>
<?php while (have_posts()) : the_post(); ?>
<article <?php post_class('entry'); ?>>
<header class="entry-header"><h2 class="entry-title"><a class="entry-title-link" rel="bookmark" href="<?php the_permalink(); ?>"><?php the_title(); ?></a></h2>
<p class="entry-meta"><span class="entry-date"><?php echo esc_html(get_the_date('m/d/Y')); ?></span><span class="entry-author-name"><?php the_author(); ?></span> |</p></header>
<div class="entry-content"><p><?php echo esc_html(get_the_excerpt()); ?></p></div>
</article>
<?php endwhile; the_posts_pagination(); get_footer();
