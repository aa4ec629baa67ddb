#!/bin/bash
# Makes the waiting music: a slow melody of our own in a Korean five-note scale (so that no rights
# are owed to anybody), plucked, 8 kHz mono.
#
#   make-music.sh FILE.wav
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: make-music.sh FILE.wav" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Note and length in beats; a beat is 0.5 s. Scale: C D F G A.
melody="G4:2 A4:1 C5:1 D5:3 C5:1 A4:2 G4:2 F4:1 G4:1 A4:2 G4:4
        D4:2 F4:1 G4:1 A4:3 G4:1 F4:2 D4:2 C4:1 D4:1 F4:2 G4:4
        C5:2 D5:1 C5:1 A4:3 G4:1 A4:2 C5:2 D5:1 F5:1 D5:2 C5:4
        A4:2 G4:1 F4:1 G4:3 A4:1 G4:2 F4:2 D4:1 C4:1 D4:2 C4:4"
bass="C3 F3 G3 C3 D3 G3 F3 C3 F3 G3 D3 C3 G3 F3 G3 C3"

notes=()
for step in $melody; do
  seconds=$(awk -v beats="${step#*:}" 'BEGIN { print beats * 0.5 }')
  sox -n -r 8000 -c 1 "$work/${#notes[@]}.wav" synth "$seconds" pluck "${step%:*}" fade t 0.005 "$seconds" 0.08
  notes+=("$work/${#notes[@]}.wav")
done
sox "${notes[@]}" "$work/melody.wav"

total=$(sox --i -D "$work/melody.wav")
each=$(awk -v total="$total" 'BEGIN { print total / 16 }')
low=()
for note in $bass; do
  sox -n -r 8000 -c 1 "$work/low${#low[@]}.wav" synth "$each" triangle "$note" vol 0.25 fade t 0.1 "$each" 0.6
  low+=("$work/low${#low[@]}.wav")
done
sox "${low[@]}" "$work/bass.wav"
sox -m -v 0.8 "$work/melody.wav" -v 0.6 "$work/bass.wav" -b 16 "$1" reverb 30 norm -6
