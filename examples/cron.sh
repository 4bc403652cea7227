#!/bin/sh
# A newsletter every Monday at seven. In crontab, with an absolute path:
#     0 7 * * 1  /srv/news/examples/cron.sh
# It fetches what is new, builds the issue and sends it. Run again after a failure, it goes on where it stopped: articles
# that are there are not fetched anew, and readers who have the issue do not get it twice.
set -eu

NEWSDESK=${NEWSDESK:-newsdesk}             # the command, with its path where cron does not find it
CONFIG=${CONFIG:-$(dirname "$0")/weekly.toml}
OUT=${OUT:-issues/$(date +%Y-%m-%d)}       # the issue's files, and who has got it
SEND=${SEND:---dry-run}                    # SEND= (empty) really sends

# 1 means that some feeds could not be read: what the others brought is enough for an issue.
"$NEWSDESK" feeds poll || [ $? -eq 1 ]

# 1 means that every section is empty: then there is nothing to send this week.
if "$NEWSDESK" newsletter "$CONFIG" --out "$OUT"; then
    # shellcheck disable=SC2086  # empty means no option
    "$NEWSDESK" send "$CONFIG" --out "$OUT" $SEND
elif [ $? -eq 1 ]; then
    echo "nothing new, no issue"
else
    exit 2
fi
