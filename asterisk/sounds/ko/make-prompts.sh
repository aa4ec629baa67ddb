#!/bin/bash
# Speaks the texts of prompts.txt and numbers.txt into OUTDIR/<name>.wav (8 kHz, mono, 16 bit) and
# makes the waiting music OUTDIR/music/*.wav and the tones of recordings.
#
#   asterisk/sounds/ko/make-prompts.sh OUTDIR
#
# Only what is missing or whose text changed is made. A file that this script did not write (its sum
# is not the noted one) is a recording of the centre's own and is never touched.
# Needs espeak-ng and sox. Two runs at once into one OUTDIR wait for each other.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 1 ] || { echo "usage: make-prompts.sh OUTDIR" >&2; exit 2; }
for tool in espeak-ng sox flock sha256sum; do
  command -v "$tool" > /dev/null || { echo "make-prompts.sh: $tool is missing" >&2; exit 1; }
done

# Part of every text's sum: change it when the voice or its settings change.
# 200 words a minute: the legal notice takes less than 12 s, as long as callers are to be held up at most.
speed=200
voice="espeak-ng ko $speed wpm 1"
mkdir -p "$1/.made" "$1/music"
out=$(cd "$1" && pwd)
exec 9> "$out/.made/lock"
flock 9

sum() { sha256sum | cut -c1-32; }

# is_current NAME WANTED: yes when the file is as we made it from WANTED, or not ours at all.
is_current() {
  [ -f "$out/$1" ] || return 1
  local noted_text='' noted_file=''
  [ ! -f "$out/.made/$1.sum" ] || read -r noted_text noted_file < "$out/.made/$1.sum"
  [ "$noted_file" = "$(sum < "$out/$1")" ] || return 0
  [ "$noted_text" = "$2" ]
}

# keep NAME WANTED FILE: puts the finished file in place in one step and notes its sums.
keep() {
  mkdir -p "$(dirname "$out/.made/$1")"
  echo "$2 $(sum < "$3")" > "$out/.made/$1.sum"
  mv -f "$3" "$out/$1"
}

work=$(mktemp -d "$out/.made/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
made=0

while IFS=$'\t' read -r name text; do
  case $name in '' | '#'*) continue ;; esac
  if [[ ! $name =~ ^[a-z0-9-]+$ || -z $text ]]; then
    echo "make-prompts.sh: not NAME<tab>TEXT: '$name'" >&2
    exit 1
  fi
  wanted=$(printf '%s\n%s' "$voice" "$text" | sum)
  is_current "$name.wav" "$wanted" && continue
  espeak-ng -v ko -s "$speed" -w "$work/raw.wav" -- "$text"
  # Telephone band, level with headroom, no dead time at either end.
  sox "$work/raw.wav" -r 8000 -c 1 -b 16 "$work/done.wav" \
    silence 1 0.02 0.5% reverse silence 1 0.02 0.5% reverse gain -6 highpass 200 norm -4 pad 0.05 0.1
  keep "$name.wav" "$wanted" "$work/done.wav"
  made=$((made + 1))
done < <(cat "$here/prompts.txt" "$here/numbers.txt")

wanted=$(sum < "$here/make-music.sh")
if ! is_current music/waiting.wav "$wanted"; then
  bash "$here/make-music.sh" "$work/music.wav"
  keep music/waiting.wav "$wanted" "$work/music.wav"
  made=$((made + 1))
fi
wanted=$(sum < "$here/make-tones.sh")
if ! is_current record-pause.wav "$wanted" || ! is_current record-resume.wav "$wanted"; then
  bash "$here/make-tones.sh" "$work"
  for name in record-pause record-resume; do
    is_current "$name.wav" "$wanted" || keep "$name.wav" "$wanted" "$work/$name.wav"
    made=$((made + 1))
  done
fi
echo "prompts: $made made, $(find "$out" -name .made -prune -o -name "*.wav" -print | wc -l) in $out"
