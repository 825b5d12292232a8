#!/bin/sh
# Makes the subsets in this folder from Debian's fonts-noto-core. See README.md.
set -eu
cd "$(dirname "$0")"
from=${1:-/usr/share/fonts/truetype/noto}
subset() {
    pyftsubset "$from/$1.ttf" --output-file="$1.ttf" --unicodes="$2" --layout-features='*' --no-hinting \
        --name-IDs='*' --notdef-outline --recommended-glyphs --glyph-names
}
# Latin with all extensions, phonetic signs and combining marks, Greek, Cyrillic, punctuation, super- and subscripts,
# currency, letter-like signs, fractions, the replacement character.
text=U+0000-024F,U+0250-036F,U+0370-052F,U+1C80-1C8F,U+1D00-1DBF,U+1E00-1FFF,U+2000-20CF,U+2100-218F,U+2C60-2C7F,U+2DE0-2E7F,U+A640-A69F,U+A720-A7FF,U+FB00-FB06,U+FFFD
for style in Regular Bold Italic BoldItalic; do subset NotoSans-$style "$text"; done
# Signs that Noto Sans itself lacks: arrows, enclosed numbers, flags; ticks, boxes, shapes; mathematics. With the spaces,
# because a space after a sign is set in the font of the sign.
subset NotoSansSymbols-Regular U+0020,U+00A0,U+2190-21FF,U+2460-24FF,U+2690-2691,U+26A1
subset NotoSansSymbols2-Regular U+0020,U+00A0,U+2300-23FF,U+25A0-25FF,U+2600-26FF,U+2700-27BF,U+2B00-2BFF
subset NotoSansMath-Regular U+0020,U+00A0,U+2190-21FF,U+2200-22FF,U+27F0-27FF,U+2A7D-2A7E
