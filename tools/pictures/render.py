"""Renders a terminal's screen with its colors from stdin to SVG: render.py COLUMNS TITLE > picture.svg

The picture loads nothing: it has no font of its own, and names the monospaced fonts that systems have.
"""

import io
import sys

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

# Dark in the light and in the dark mode of a page. Each color has a contrast of at least 4.5 to the background.
THEME = TerminalTheme(
    (24, 26, 31),
    (220, 223, 228),
    [
        (92, 99, 112),
        (240, 113, 120),
        (139, 213, 120),
        (229, 192, 123),
        (97, 175, 239),
        (213, 140, 231),
        (86, 182, 194),
        (220, 223, 228),
    ],
    [
        (127, 132, 142),
        (255, 123, 130),
        (152, 225, 133),
        (240, 205, 140),
        (120, 190, 250),
        (225, 155, 240),
        (100, 200, 212),
        (255, 255, 255),
    ],
)

# rich's own format loads a font from a CDN.
FORMAT = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }}
.{unique_id}-title {{ font: 18px sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def main() -> None:
    columns, title = int(sys.argv[1]), sys.argv[2]
    console = Console(
        width=columns, file=io.StringIO(), record=True, force_terminal=True, color_system="truecolor", highlight=False
    )
    for line in sys.stdin.read().splitlines():
        console.print(Text.from_ansi(line), no_wrap=True, overflow="ignore", crop=False)
    svg = console.export_svg(title=title, theme=THEME, code_format=FORMAT, unique_id="terminal")
    sys.stdout.write("\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n")


main()
