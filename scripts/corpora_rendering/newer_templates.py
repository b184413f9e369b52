"""Page shells in the manner of sites since about 2010. Each takes a page and returns its markup."""

# ruff: noqa: E501 - markup keeps the lines it has on the page
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpora_rendering.furniture import menu_list, related_list, share_list

if TYPE_CHECKING:
    from corpora_rendering.page import Page

_MODERN_STYLE = """<style>
body{margin:0;font-family:sans-serif;line-height:1.8;color:#222}
.site-header,footer{background:#12355b;color:#fff;padding:12px 24px}.site-header a,footer a{color:#fff}
.global-nav ul,.breadcrumb ol,.sns,.plain{list-style:none;padding:0}.global-nav li,.breadcrumb li,.sns li{display:inline-block;margin-right:14px}
main{max-width:860px;margin:0 auto;padding:0 24px}h1{border-bottom:3px solid #12355b}h2{border-left:6px solid #12355b;padding-left:10px}
.date{text-align:right}.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden}
.data{border-collapse:collapse}.data td,.data th{border:1px solid #888;padding:6px}.related{background:#eef2f6;padding:10px 20px}
</style>"""


def article(page: Page) -> str:
    """Write HTML5 with header, breadcrumbs, main and article, a photo, share buttons and related links."""
    words = page.words
    photo = (
        f'<figure>\n<img src="photo01.jpg" alt="{page.caption}" width="320" height="200">\n'
        f"<figcaption>{page.caption}</figcaption>\n</figure>"
        if page.choice.chance("photo", 60)
        else ""
    )
    return f"""<!DOCTYPE html>
<html lang="{page.language}">
<head>
{page.head(html5=True)}
<meta name="viewport" content="width=device-width, initial-scale=1">
{page.comment}
{_MODERN_STYLE}
<script>document.documentElement.className = "js";</script>
</head>
<body>
<a class="visually-hidden" href="#main">{words.skip}</a>
<noscript><p>{words.no_script}</p></noscript>
<header class="site-header" role="banner">
<p class="site-name"><a href="/">{page.site_name}</a></p>
<form role="search" action="/search"><label for="q" class="visually-hidden">{words.search}</label><input id="q" type="search"></form>
<p class="language"><a href="{page.other}" hreflang="{"en" if page.language == "ja" else "ja"}">{words.other_language}</a></p>
<nav class="global-nav">
{menu_list(words)}
</nav>
</header>
<nav class="breadcrumb" aria-label="breadcrumb">
<ol>
<li><a href="/">{words.home}</a></li>
<li><a href="/press/">{page.section}</a></li>
<li aria-current="page">{page.title}</li>
</ol>
</nav>
<main id="main">
<article>
<header>
{page.lead()}
</header>
<p class="print"><button type="button" onclick="window.print()">{words.print_page}</button></p>
<div class="article-body">
{page.rest()}
</div>
{photo}
<ul class="sns">
{share_list(words)}
</ul>
</article>
<aside class="related">
<h2>{words.related}</h2>
<ul>
{related_list(words, 3)}
</ul>
</aside>
</main>
<footer>
<p><a href="#">{words.top}</a></p>
<ul><li><a href="/policy.html">{words.notice}</a></li></ul>
<address>{page.address}</address>
<small>{page.copyright}</small>
</footer>
</body>
</html>
"""


def sections(page: Page) -> str:
    """Write HTML5 in which every heading opens a section; hidden elements and structured data around."""
    body = re.sub(r"(?=<h2)", "</section>\n<section>\n", page.rest())
    words = page.words
    return f"""<!doctype html>
<html lang="{page.language}" class="no-js">
<head>
{page.head(html5=True)}
{page.comment}
<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{page.day}", "isAccessibleForFree": true}}</script>
{_MODERN_STYLE}
</head>
<body class="page-{page.collection}">
<div id="cookie" class="banner" style="display:none"><p>Cookie</p><button>OK</button></div>
<header class="site-header">
<h1 class="logo"><a href="/"><img src="/img/logo.svg" alt="{page.site_name}" width="180" height="36"></a></h1>
<nav class="global-nav" id="gnav">{menu_list(words)}</nav>
</header>
<div class="breadcrumb"><a href="/">{words.home}</a> &gt; <a href="/press/index.html">{page.section}</a> &gt; {page.title}</div>
<main>
<div class="page-title">
{page.lead()}
</div>
<p hidden>{words.no_script}</p>
<section>
{body}
</section>
<nav class="pager"><a rel="prev" href="p1.html">{words.previous}</a> | <a rel="next" href="p2.html">{words.following}</a></nav>
</main>
<footer>
<p>{page.contact_line}</p>
<p>{page.site_name}<br>{page.address}</p>
<p>{page.copyright}</p>
</footer>
</body>
</html>
""".replace("<section>\n</section>\n", "")


def weblog(page: Page) -> str:
    """Write a content management system's post: entry header, entry content, sharing, neighbours and a sidebar."""
    words = page.words
    return f"""<!DOCTYPE html>
<html lang="{page.language}">
<head>
{page.head(html5=True)}
<style>
body{{font-family:sans-serif;line-height:1.9}}#page{{display:flex;max-width:1080px;margin:auto}}#primary{{flex:3;padding:20px}}
#secondary{{flex:1;background:#f4f4f4;padding:20px}}.has-background{{background:#fff8dc;padding:8px}}td,th{{border:1px solid #aaa;padding:5px}}
</style>
</head>
<body class="post-template-default single single-post">
{page.comment}
<header id="masthead"><a href="/" rel="home">{page.site_name}</a>
<ul id="top-menu"><li><a href="{page.other}">{words.other_language}</a></li><li><a href="/sitemap.html">Sitemap</a></li></ul></header>
<div id="page" class="hfeed site">
<div id="primary" class="content-area">
<article id="post-{page.choice.number("post", 9000) + 100}" class="post type-post status-publish hentry">
<div class="entry-header">
{page.lead()}
<div class="entry-meta"><span class="cat-links"><a href="/category/">{page.section}</a></span></div>
</div>
<div class="entry-content">
{page.rest()}
<!-- .entry-content --></div>
<div class="sharedaddy"><ul>
{share_list(words)}
</ul></div>
</article>
<nav class="navigation post-navigation"><a href="prev.html">&laquo; {words.previous}</a><a href="next.html">{words.following} &raquo;</a></nav>
</div>
<aside id="secondary" class="widget-area">
<h3 class="widget-title">{words.related}</h3>
<ul>
{related_list(words, 4, page.choice.number("widget", 4))}
</ul>
</aside>
</div>
<footer id="colophon"><p>{page.copyright} <a href="/policy/">{words.notice}</a></p><p>{page.address}</p></footer>
<script>var pageLoaded = true;</script>
</body>
</html>
"""


def columns(page: Page) -> str:
    """Write a portal of nested divs: menu column at the left, every paragraph its own div."""
    words = page.words
    return f"""<!DOCTYPE html>
<html lang="{page.language}">
<head>
{page.head(html5=True)}
<style>
#wrap{{width:960px;margin:0 auto;font:14px/1.7 sans-serif}}#side{{float:left;width:190px}}#contents{{margin-left:220px}}
#head{{border-top:4px solid #006a4e;padding:8px}}.ttl{{font-size:24px;color:#006a4e}}.midashi{{font-weight:bold;background:#e3f1ec;padding:4px 8px}}
.txt{{margin:10px 0}}#foot{{clear:both;border-top:1px solid #999;font-size:12px}}.tbl td,.tbl th{{border:1px solid #999}}
</style>
{page.comment}
</head>
<body>
<div id="wrap">
<div id="head"><div class="logo"><img src="/common/logo.gif" alt="{page.site_name}"></div>
<div class="util"><a href="{page.other}">{words.other_language}</a> <a href="javascript:print()">{words.print_page}</a></div></div>
<div id="topicpath"><a href="/">{words.home}</a> &rsaquo; <a href="../">{page.section}</a> &rsaquo; <strong>{page.title}</strong></div>
<div id="side">
<div class="localnav">
{menu_list(words)}
</div>
<div class="bnr"><a href="/special/"><img src="/common/bnr.gif" alt="{words.related_links[0]}"></a></div>
</div>
<div id="contents"><div class="inner"><div class="box">
{page.lead()}
<div class="body">
{page.rest()}
</div>
</div></div>
<div class="pagetop"><a href="#head">{words.top}</a></div>
</div>
<div id="foot"><div>{page.site_name}　{page.address}</div><div>{page.copyright}</div></div>
</div>
</body>
</html>
"""


def speech(page: Page) -> str:
    """Write a plain HTML5 reading page for long texts: no header elements, a closed menu, back link at the end."""
    words = page.words
    return f"""<!DOCTYPE html>
<html lang="{page.language}">
<head>
{page.head(html5=True)}
<style>body{{max-width:720px;margin:30px auto;font-family:serif;line-height:2}}.name{{text-align:right}}.date{{color:#666}}td{{padding:4px}}</style>
</head>
<body>
{page.comment}
<details class="menu"><summary>Menu</summary>{menu_list(words)}</details>
<div id="language"><a href="{page.other}">{words.other_language}</a></div>
<main class="speech">
{page.lead()}
{page.rest()}
<p class="back"><a href="./">{words.back}</a></p>
</main>
<footer><p>{page.copyright}</p></footer>
</body>
</html>
"""
