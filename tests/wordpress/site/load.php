<?php
/*
 * load.php WWW POSTS.json [replace]: installs the site if it is new, then publishes the posts, or edits those whose slug
 * exists. With "replace" the posts of an earlier load go first. Dates are UTC; "modified" without a value is now.
 */
define('WP_INSTALLING', true);
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/taxonomy.php';

const EVERY_STATUS = ['publish', 'draft', 'private', 'future', 'pending', 'trash'];

function install_site(): void {
  global $wp_rewrite;
  if (is_blog_installed()) {
    return;
  }
  wp_install('The Frost Courier', 'editor', 'editor@frost-courier.example', true, '', wp_generate_password());
  $wp_rewrite->init();
  $wp_rewrite->set_permalink_structure('/%postname%/');
  $wp_rewrite->flush_rules(false);
  update_option('timezone_string', 'UTC');
  update_option('date_format', 'm/d/Y');
  update_option('blogdescription', 'A magazine of borders, belief and conscience');
  switch_theme('courier');
}

function clear_site(): void {
  foreach (get_posts(['numberposts' => -1, 'post_type' => ['post', 'page'], 'post_status' => EVERY_STATUS]) as $post) {
    wp_delete_post($post->ID, true);
  }
  foreach (get_terms(['taxonomy' => 'post_tag', 'hide_empty' => false]) as $term) {
    wp_delete_term($term->term_id, 'post_tag');
  }
}

function author_of(array $post): int {
  $login = 'author-' . substr(md5($post['author']), 0, 12);
  $known = get_user_by('login', $login);
  return $known ? $known->ID : wp_insert_user([
    'user_login' => $login, 'user_pass' => wp_generate_password(), 'role' => 'author',
    'display_name' => $post['author'], 'description' => $post['author_note'],
  ]);
}

function put(array $post): void {
  global $wpdb;
  $known = get_page_by_path($post['slug'], OBJECT, 'post');
  $id = wp_insert_post(wp_slash([
    'ID' => $known ? $known->ID : 0, 'post_name' => $post['slug'], 'post_title' => $post['title'],
    'post_content' => $post['content'], 'post_excerpt' => $post['excerpt'], 'post_status' => $post['status'],
    'post_author' => author_of($post), 'post_date' => $post['date'], 'post_date_gmt' => $post['date'],
    'post_category' => array_map('wp_create_category', $post['categories']), 'tags_input' => $post['tags'],
  ]), true);
  if (is_wp_error($id)) {
    throw new RuntimeException($post['slug'] . ': ' . $id->get_error_message());
  }
  $modified = $post['modified'] ?? gmdate('Y-m-d H:i:s');
  $wpdb->update($wpdb->posts, ['post_modified' => $modified, 'post_modified_gmt' => $modified], ['ID' => $id]);
  clean_post_cache($id);
}

$fresh = !is_blog_installed();
install_site();
if ($fresh || ($argv[3] ?? '') === 'replace') {
  clear_site();
}
foreach (json_decode(file_get_contents($argv[2]), true, flags: JSON_THROW_ON_ERROR) as $post) {
  put($post);
}
