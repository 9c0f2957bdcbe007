<?php
// For PHP's own server: a file that exists is sent as it is, everything else is a question for WordPress. PHP does not log
// what a router answers, so each request is written down here, once its status is known.
register_shutdown_function(function () {
  $line = http_response_code() . ' ' . $_SERVER['REQUEST_METHOD'] . ' ' . $_SERVER['REQUEST_URI'] . "\n";
  file_put_contents(getenv('COURIER_LOG'), $line, FILE_APPEND | LOCK_EX);
});

$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?? '/');
$root = $_SERVER['DOCUMENT_ROOT'];
if ($path !== '/' && is_file($root . $path) && !str_contains($path, '..')) {
  return false;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = $root . '/index.php';
chdir($root);
require $root . '/index.php';
