#!/usr/bin/env bash
# snapshot.sh http://127.0.0.1:8001 FOLDER [https://kho.example.vn]
# A copy of the reading pages that any web server or a USB stick can hold: front page, charts, every article with its history and
# references. Tables, search and feeds need the server: links to them lead to the third argument, or nowhere without one.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
home="${1%/}"; folder="$2"; live="${3:-}"; live="${live%/}"
command -v wget >/dev/null || { echo "snapshot: wget is missing (apt-get install wget)" >&2; exit 2; }
mkdir -p "$folder"

locations() { wget -q -O - "$1" | grep -o '<loc>[^<]*' | cut -c6- | sed 's/&amp;/\&/g'; }
addresses="$(mktemp)"
trap 'rm -f "$addresses"' EXIT
parts="$(locations "$home/sitemap.xml")"
for part in $parts; do locations "$part"; done > "$addresses"
# Every article brings its history and its references with it.
sed -i '/\/bai\//{p;h;s/$/\/thay-doi/p;g;s/$/.bib/p;g;s/$/.ris/}' "$addresses"
printf '%s\n' "$home/feed.atom" "$home/sitemap.xml" $parts >> "$addresses"

# Our own server, asked by ourselves: its robots.txt is for others. 8: some answer was an error; wget goes on, and so do we.
wget --quiet --execute robots=off --input-file="$addresses" --force-directories --no-host-directories --page-requisites \
    --adjust-extension --convert-links --directory-prefix="$folder" || [ $? = 8 ]
if [ -n "$live" ]; then
    grep -rlZF "$home" "$folder" | xargs -0 -r sed -i "s|$home|$live|g"
else
    echo "snapshot: tables, search and permanent addresses still lead to $home; name the live archive as third argument" >&2
fi
echo "$folder: $(find "$folder/bai" -maxdepth 1 -name '*.html' | wc -l) articles"
