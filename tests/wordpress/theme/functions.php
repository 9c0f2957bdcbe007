<?php
add_theme_support('automatic-feed-links');
add_theme_support('title-tag');

/** Posts for a list beside the article. */
function courier_posts(array $query): array {
  return get_posts($query + ['numberposts' => 4, 'exclude' => [get_queried_object_id()], 'suppress_filters' => false]);
}

/** One entry of "Related articles" or "Keep Reading": the title once as the picture's text and once as the link. */
function courier_teaser(WP_Post $post, string $after = ''): string {
  $title = esc_html(get_the_title($post));
  $link = esc_url(get_permalink($post));
  $picture = home_url('/wp-content/uploads/' . $post->post_name . '.jpg');
  return "<li><a href=\"$link\"><img src=\"$picture\" alt=\"" . esc_attr(get_the_title($post)) . '"></a>'
    . "<p><a href=\"$link\">$title</a></p>$after</li>\n";
}
