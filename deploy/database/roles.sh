#!/bin/sh
# Makes one role and one database per service, with the names and passwords that the services' own URLs say.
set -eu

for name in users catalog orders; do
    login=$(sed -n 's|^postgresql://\([^@]*\)@.*|\1|p' "/run/secrets/${name}_database_url")
    psql -v ON_ERROR_STOP=1 -v role="${login%%:*}" -v password="${login#*:}" --username "${POSTGRES_USER:-postgres}" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role";
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
done
