#!/bin/bash
# Makes the tones of a recording: one long beep when it pauses, two short ones when it goes on. 8 kHz mono.
#
#   make-tones.sh DIR     writes record-pause.wav and record-resume.wav
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: make-tones.sh DIR" >&2; exit 2; }
# 1,400 Hz is what people know as the tone of a recorder (ITU-T G.711 passes it, and no DTMF digit has it).
beep() { sox -n -r 8000 -c 1 -b 16 "$1" synth "$2" sine 1400 gain -9 fade t 0.01 "$2" 0.01; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
beep "$1/record-pause.wav" 0.5
beep "$work/short.wav" 0.15
sox "$work/short.wav" "$work/padded.wav" pad 0 0.1
sox "$work/padded.wav" "$work/short.wav" "$1/record-resume.wav"
