<?php
// A plugin that is always on: a file called "rest" or "feeds" in the folder "closed" shuts that way in, as many sites do.
function courier_closed(string $door): bool {
  clearstatcache();
  return is_file(ABSPATH . 'closed/' . $door);
}

add_filter('rest_authentication_errors', function ($result) {
  if (!courier_closed('rest')) {
    return $result;
  }
  return new WP_Error('rest_not_logged_in', 'You are not currently logged in.', ['status' => 401]);
});

function courier_no_feed(): void {
  if (courier_closed('feeds')) {
    wp_die('No feed available, please visit the front page.', '', ['response' => 403]);
  }
}

foreach (['do_feed', 'do_feed_rss2', 'do_feed_rss', 'do_feed_rdf', 'do_feed_atom'] as $feed) {
  add_action($feed, 'courier_no_feed', 1);
}
