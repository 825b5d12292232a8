#!/bin/sh
# Run once by the PostgreSQL image when its volume is empty: Prefect keeps its own database beside pilotkit's.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --command 'CREATE DATABASE prefect'
