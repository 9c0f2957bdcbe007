<?php
/* addresses.php WWW STRUCTURE: how the site gives its posts their addresses; an empty structure is by their numbers. */
define('WP_INSTALLING', true);
require $argv[1] . '/wp-load.php';
$wp_rewrite->init();
$wp_rewrite->set_permalink_structure($argv[2]);
delete_option('rewrite_rules'); // the next request makes them anew, with those of tags and categories
