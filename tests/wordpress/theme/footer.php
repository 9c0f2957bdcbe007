</main>
<aside class="sidebar sidebar-primary">
<h2 class="sidebar-title">Primary Sidebar</h2>
<section class="widget widget-most-read"><h4 class="widget-title">Most Read</h4><ul>
<?php foreach (courier_posts(['numberposts' => 6, 'orderby' => 'title', 'order' => 'DESC']) as $post) : ?>
<li><a href="<?php echo esc_url(get_permalink($post)); ?>"><?php echo esc_html(get_the_title($post)); ?></a> by <?php echo esc_html(get_the_author_meta('display_name', $post->post_author)); ?></li>
<?php endforeach; ?>
</ul></section>
<section class="widget widget-map"><h4 class="widget-title">MAP OF THE NORTH -SEARCH NEWS BY REGION</h4></section>
</aside></div>
<footer class="site-footer" id="site-footer">
<h2 class="footer-title">Footer</h2>
<p>EDITORIAL BOARD</p><p>Editor-in-Chief</p><p>HEDVIG ARANY</p>
<p>ADDRESS</p><p>Calle del Forno 41, 30121 Venice, Italy</p>
<p>Copyright © 2026 · <?php bloginfo('name'); ?> · PRIVACY POLICY · COOKIE POLICY</p>
</footer>
<?php wp_footer(); ?>
</body>
</html>
