#!/bin/sh
# NOT RUN. CHECKED: parsed with "sh -n".
#
# A node of a container: listens at the container's own address, which is what the other nodes are told. Secrets are files, whose
# names come by the environment; nothing secret is ever on a command line.
#   TRAPLINE_CLUSTER            postgresql://user@host/database, without the password
#   TRAPLINE_PASSWORD_FILE      file with the database's password; left out where the database needs none
#   TRAPLINE_KEY_FILE           file with the cluster's key
#   TRAPLINE_ADDRESS            address to listen at; left out for that of the host's name
set -eu
if [ -n "${TRAPLINE_PASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$TRAPLINE_PASSWORD_FILE")
    export PGPASSWORD
fi
address=${TRAPLINE_ADDRESS:-$(hostname -i | cut -d' ' -f1)}
exec trapline node --name "${TRAPLINE_NAME:-$(hostname)}" --listen "https://$address:5001" --key-file "$TRAPLINE_KEY_FILE" \
    --state /var/lib/trapline/state --threads "${TRAPLINE_THREADS:-1}"
