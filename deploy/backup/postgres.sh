#!/bin/sh
# The three PostgreSQL databases, one command each way:
#
#   postgres.sh save FOLDER       writes FOLDER/<service>.dump
#   postgres.sh restore FOLDER    empties each database and puts back what FOLDER holds
#
# The databases are those of APPLICATIONS_, COHORTS_ and NOTIFICATIONS_DATABASE_URL; with Docker Compose:
#   docker compose run --rm backup save 2030-01-31
# Stop web and workers first if the three must agree to the event; without that, they are seconds apart.
set -eu

fail() {
    printf 'backup: %s\n' "$*" >&2
    exit 1
}

[ $# -eq 2 ] || fail "usage: $0 save|restore FOLDER"
folder=$2

url_of() { # as libpq takes it: without SQLAlchemy's "+driver"
    eval "printf %s \"\${$(printf %s "$1" | tr '[:lower:]' '[:upper:]')_DATABASE_URL:-}\"" | sed 's/^postgresql+[a-z0-9]*:/postgresql:/'
}

for service in applications cohorts notifications; do
    [ -n "$(url_of $service)" ] || fail "$(printf %s $service | tr '[:lower:]' '[:upper:]')_DATABASE_URL is not set."
done

save() {
    [ ! -e "$folder" ] || fail "$folder is there already."
    mkdir -p "$folder.part"
    for service in applications cohorts notifications; do
        pg_dump --format=custom --no-owner --no-privileges --file="$folder.part/$service.dump" "$(url_of $service)"
    done
    mv "$folder.part" "$folder" # whoever finds FOLDER finds it whole
}

restore() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    # All three are read to their end before anything is changed.
    for service in applications cohorts notifications; do
        printf 'DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n' > "$work/$service.sql"
        pg_restore --no-owner --no-privileges --file=- "$folder/$service.dump" >> "$work/$service.sql" ||
            fail "$folder/$service.dump cannot be read; nothing was changed."
    done
    # Each in one transaction: either all of it, or the database stays as it was.
    for service in applications cohorts notifications; do
        PGOPTIONS='-c client_min_messages=warning' psql --no-psqlrc --quiet --single-transaction \
            --set ON_ERROR_STOP=1 --output /dev/null --file "$work/$service.sql" --dbname "$(url_of $service)"
    done
}

case $1 in
    save) save ;;
    restore) restore ;;
    *) fail "usage: $0 save|restore FOLDER" ;;
esac
