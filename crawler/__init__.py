"""Sources become articles. The only room that knows Scrapy and feedparser."""
