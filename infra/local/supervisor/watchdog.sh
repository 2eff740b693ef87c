#!/bin/sh
# Ends what a runner has started when the runner itself can no longer do it.
#
# The runner holds the other end of this script's standard input and writes one line per process
# group: "+ <group> <signal>" when it started one, "- <group>" when that one has ended. The end of the input
# means that the runner is gone, however it ended. The groups are then stopped in reverse order of their
# start, and killed when they have not ended in time. A shell, because it costs a megabyte and starts in a millisecond.
trap '' INT TERM HUP
groups=''
while read -r action group signal; do
  kept=''
  for entry in $groups; do
    [ "${entry%%:*}" = "$group" ] || kept="$kept $entry"
  done
  case $action in
    +) groups="$group:$signal $kept" ;;
    -) groups=$kept ;;
  esac
done

any_left() {
  for entry in $groups; do
    kill -s 0 -- "-${entry%%:*}" 2>/dev/null && return 0
  done
  return 1
}

for entry in $groups; do
  kill -s "${entry##*:}" -- "-${entry%%:*}" 2>/dev/null
done
polls=50
while [ $polls -gt 0 ] && any_left; do
  sleep 0.1
  polls=$((polls - 1))
done
for entry in $groups; do
  kill -s KILL -- "-${entry%%:*}" 2>/dev/null
done
exit 0
