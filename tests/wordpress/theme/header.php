<!DOCTYPE html>
<html <?php language_attributes(); ?>>
<head>
<meta charset="<?php bloginfo('charset'); ?>">
<?php wp_head(); ?>
</head>
<body <?php body_class(); ?>>
<ul class="skip-links">
<li><a href="#nav-primary">Skip to primary navigation</a></li>
<li><a href="#main-content">Skip to main content</a></li>
<li><a href="#site-footer">Skip to footer</a></li>
</ul>
<nav class="nav-primary" id="nav-primary"><ul class="menu">
<li><a href="<?php echo esc_url(home_url('/')); ?>">HOME</a></li>
<li>THE BORDER<ul class="sub-menu"><li>NEWS</li><li>TESTIMONIES</li><li>OPINION</li><li>MAP OF THE NORTH</li></ul></li>
<li>THE WORLD<ul class="sub-menu"><li>NEWS WORLD</li><li>OPINION WORLD</li></ul></li>
<li>EDITORIAL BOARD</li>
</ul></nav>
<header class="site-header">
<p class="site-title"><a href="<?php echo esc_url(home_url('/')); ?>"><?php bloginfo('name'); ?></a></p>
<p class="site-description"><?php bloginfo('description'); ?></p>
</header>
<div class="site-inner"><main class="content" id="main-content">
