"""Page shells in the manner of sites from the late 1990s to about 2010. Each takes a page and returns its markup."""

# ruff: noqa: E501 - markup keeps the lines it has on the page
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpora_rendering.furniture import menu_list, related_list

if TYPE_CHECKING:
    from corpora_rendering.page import Page

_TRANSITIONAL = '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">'
_XHTML = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)>")


def upper_case(markup: str) -> str:
    """Write tag and attribute names in capitals, as editors of that time did."""

    def capitals(match: re.Match[str]) -> str:
        attributes = re.sub(r"(\s[a-z-]+)(?==|\s|$)", lambda name: name[1].upper(), match[3])
        return f"<{match[1]}{match[2].upper()}{attributes}>"

    return _TAG.sub(capitals, markup)


def left_open(markup: str) -> str:
    """Take out the closing tags that HTML lets an author forget."""
    return re.sub(r"</(?:p|li|dt|dd|tr|td|th)>", "", markup)


def xhtml(page: Page) -> str:
    """Write XHTML 1.0 with nested divs, an XML declaration and a contents list of links."""
    words = page.words
    declaration = f'<?xml version="1.0" encoding="{page.declared}"?>\n' if page.declared else ""
    return f"""{declaration}{_XHTML}
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="{page.language}" lang="{page.language}">
<head>
{page.head(html5=False, slash=" /")}
<style type="text/css">
#wrapper {{ width: 880px; margin: 0 auto; font-size: 90%; line-height: 1.7 }} #header {{ border-bottom: 2px solid #036 }}
#globalNavi li {{ display: inline; margin-right: 12px }} #footer {{ border-top: 1px solid #036; font-size: 80%; text-align: center }}
.date {{ text-align: right }} h2, h3 {{ color: #036 }} table.data td, table.data th {{ border: 1px solid #666; padding: 4px }}
</style>
<script type="text/javascript" src="/js/fontsize.js"></script>
</head>
<body id="{page.collection}">
{page.comment}
<div id="wrapper">
<div id="header">
<div class="siteid"><a href="/index.html"><img src="/images/siteid.gif" alt="{page.site_name}" width="200" height="40" /></a></div>
<ul class="utility"><li><a href="{page.other}">{words.other_language}</a></li><li><a href="#contents">{words.skip}</a></li></ul>
</div>
<div id="globalNavi">
{menu_list(words)}
</div>
<p class="pankuzu"><a href="/index.html">{words.home}</a> &gt; <a href="index.html">{page.section}</a> &gt; {page.title}</p>
<div id="container"><div id="main"><div class="section" id="contents">
<div class="printBtn"><a href="#" onclick="window.print(); return false;">{words.print_page}</a></div>
{page.lead()}
<div class="contentsBody">
{page.rest()}
</div>
</div></div></div>
<div class="relatedLinks">
<h4>{words.related}</h4>
<ul>
{related_list(words, 2, page.choice.number("related", 4))}
</ul>
</div>
<div class="backToTop"><a href="#header">{words.top}</a></div>
<div id="footer">
<p class="address">{page.site_name} {page.address}</p>
<p class="copyright">{page.copyright}</p>
</div>
</div>
</body>
</html>
"""


def table_columns(page: Page) -> str:
    """Write a layout table: banner row, menu column with spacers, text in the middle cell; capitals, open paragraphs."""
    words = page.words
    spacer = '<img src="/img/spacer.gif" width="10" height="1" alt="">'
    menu = "\n".join(
        f'<tr><td bgcolor="#dde6f0"><font size="2"><a href="/m{n}.html">{word}</a></font></td></tr>\n<tr><td>{spacer}</td></tr>'
        for n, word in enumerate(words.menu)
    )
    return left_open(
        upper_case(f"""{_TRANSITIONAL}
<html>
<head>
{page.head(html5=False)}
</head>
<body bgcolor="#ffffff" text="#000000" link="#003399">
{page.comment}
<table width="780" border="0" cellspacing="0" cellpadding="0" align="center">
<tr><td colspan="3" bgcolor="#003366"><font color="#ffffff" size="4"><b>{page.site_name}</b></font></td></tr>
<tr><td colspan="3" align="right"><font size="2"><a href="{page.other}">{words.other_language}</a> | <a href="/sitemap.html">Site Map</a></font></td></tr>
<tr>
<td width="150" valign="top">
<table width="140" border="0" cellspacing="0" cellpadding="3">
{menu}
</table>
</td>
<td width="20">{spacer}</td>
<td width="610" valign="top">
{page.lead()}
<hr size="1" noshade>
{page.rest()}
<hr size="1" noshade>
<div align="right"><font size="2"><a href="#top">{words.top}</a></font></div>
</td>
</tr>
<tr><td colspan="3" align="center"><font size="1">{page.address}<br>{page.copyright}</font></td></tr>
</table>
</body>
</html>
""")
    ).replace("\n", "\r\n")


def table_nested(page: Page) -> str:
    """Write tables within tables: a framed box for the text, empty cells as margins, a row of buttons above."""
    words = page.words
    buttons = "".join(
        f'<td width="90" align="center"><a href="/b{n}.html"><img src="/b{n}.gif" alt="{word}" border="0"></a></td>'
        for n, word in enumerate(words.menu[:5])
    )
    return f"""{_TRANSITIONAL}
<html lang="{page.language}">
<head>
{page.head(html5=False)}
<style type="text/css"><!-- td {{ font-size: 12pt; line-height: 150% }} .small {{ font-size: 9pt }} //--></style>
</head>
<body background="/img/back.gif">
{page.comment}
<center>
<table border="0" width="720"><tr>{buttons}</tr></table>
<table border="1" width="720" cellpadding="0" cellspacing="0" bordercolor="#666666"><tr><td>
<table border="0" width="100%" bgcolor="#ffffff">
<tr><td width="30">&nbsp;</td><td>&nbsp;</td><td width="30">&nbsp;</td></tr>
<tr><td>&nbsp;</td><td class="small" align="right"><a href="{page.other}">{words.other_language}</a></td><td>&nbsp;</td></tr>
<tr><td>&nbsp;</td><td align="left">
{page.lead()}
{page.rest()}
</td><td>&nbsp;</td></tr>
<tr><td>&nbsp;</td><td class="small" align="right">[<a href="index.html">{words.back}</a>]</td><td>&nbsp;</td></tr>
</table>
</td></tr></table>
<p class="small">{page.copyright}<br>{page.address}</p>
</center>
</body>
</html>
"""


def line_breaks(page: Page) -> str:
    """Write hand-written HTML without paragraphs: one body, line breaks and rules."""
    words = page.words
    return upper_case(f"""<html>
<head>
{page.head(html5=False)}
</head>
<body bgcolor="#fffff8">
{page.comment}
<a href="/index.html">{words.home}</a> / <a href="index.html">{page.section}</a> / <a href="{page.other}">{words.other_language}</a>
<hr>
{page.lead()}
<br>
{page.rest()}
<br>
<hr>
<a href="index.html">{words.back}</a><br>
<font size="-1">{page.site_name}　{page.address}<br>
{page.copyright}</font>
</body>
</html>
""")


def block_quotes(page: Page) -> str:
    """Write indentation by quotation and definition elements, headings by size alone."""
    words = page.words
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">
<html><head>
{page.head(html5=False)}
</head>
<body bgcolor="white">
<a name="top"></a>
{page.comment}
<table border="0" width="100%"><tr><td><a href="/"><img src="/logo.gif" alt="{page.site_name}" border="0"></a></td>
<td align="right"><font size="2">[<a href="{page.other}">{words.other_language}</a>] [<a href="/print/">{words.print_page}</a>]</font></td></tr></table>
<blockquote>
{page.lead()}
<blockquote>
{page.rest()}
</blockquote>
</blockquote>
<hr width="80%">
<center><font size="2"><a href="#top">{words.top}</a> | <a href="/index.html">{words.home}</a><br>
{page.copyright}</font></center>
</body></html>
"""


def word_processor(page: Page) -> str:
    """Write a page saved from a word processor: classes and styles on every paragraph, conditional comments."""
    words = page.words
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40">
<head>
{page.head(html5=False)}
<meta name="ProgId" content="Word.Document">
<!--[if gte mso 9]><xml><o:DocumentProperties><o:Lines>1</o:Lines></o:DocumentProperties></xml><![endif]-->
<style>
<!--
p.MsoNormal, p.MsoTitle {{margin:0mm; margin-bottom:.0001pt; text-align:justify; font-size:10.5pt}}
p.MsoTitle {{text-align:center; font-size:14pt}}
div.Section1 {{page:Section1; width:600px; margin:20px auto}}
-->
</style>
</head>
<body lang="{page.language.upper()}" style="tab-interval:42.0pt">
{page.comment}
<div class="Section1" style="layout-grid:18.0pt">
{page.lead()}
<p class="MsoNormal"><span lang="EN-US"><o:p>&nbsp;</o:p></span></p>
{page.rest()}
<p class="MsoNormal"><span lang="EN-US"><o:p>&nbsp;</o:p></span></p>
</div>
<div class="footer"><a href="index.html">{words.back}</a> | <a href="{page.other}">{words.other_language}</a></div>
</body>
</html>
"""


def print_view(page: Page) -> str:
    """Write the bare printing version: a print button, the text, the source line of the site."""
    words = page.words
    return f"""{_TRANSITIONAL}
<html lang="{page.language}">
<head>
{page.head(html5=False)}
<style type="text/css" media="print">.noprint {{ display: none }}</style>
<script type="text/javascript">
<!--
function printPage() {{ window.print(); }}
//-->
</script>
</head>
<body>
{page.comment}
<div class="noprint"><form><input type="button" value="{words.print_page}" onclick="printPage()"></form>
<a href="{page.name}.{page.language}.html">{words.back}</a></div>
<div id="print">
{page.lead()}
{page.rest()}
</div>
<div class="noprint" id="footer">{page.copyright}</div>
</body>
</html>
"""
