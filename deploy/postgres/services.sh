#!/bin/sh
# Three databases, three roles, and none can reach another's. Can be run again: it changes only what is missing.
#
# The official image runs it on its first start (docker-entrypoint-initdb.d). By hand, as a superuser:
#   PGHOST=... PGUSER=postgres APPLICATIONS_DATABASE_PASSWORD=... COHORTS_... NOTIFICATIONS_... deploy/postgres/services.sh
set -eu

: "${APPLICATIONS_DATABASE_PASSWORD:?}" "${COHORTS_DATABASE_PASSWORD:?}" "${NOTIFICATIONS_DATABASE_PASSWORD:?}"
PGUSER=${PGUSER:-${POSTGRES_USER:-postgres}}
export PGUSER

ask() { # ask DATABASE, statements on standard input
    psql --no-psqlrc --quiet --tuples-only --set ON_ERROR_STOP=1 --dbname "$1" --output /dev/null
}

for service in applications cohorts notifications; do
    # Read by psql itself, so that no password stands in a process list.
    password=$(eval "printf %s \"\$$(printf %s "$service" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD\"")
    role=hearth_$service
    export password role
    ask postgres <<'SQL'
\getenv password password
\getenv role role
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', :'role')
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'role', :'password') \gexec
SELECT format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', :'role', '60s') \gexec
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L', :'role', :'role', 'UTF8')
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'role') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'role') \gexec
SQL
    ask "$role" <<'SQL'
\getenv role role
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SELECT format('ALTER SCHEMA public OWNER TO %I', :'role') \gexec
SQL
done

ask postgres <<'SQL'
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
SQL
