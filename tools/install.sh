#!/usr/bin/env bash
# Installs what pilotkit needs on this machine; called by the Makefile.
#
#   tools/install.sh venv           the virtual environment .venv, from requirements.lock
#   tools/install.sh lock           requirements.lock, from a fresh look at what pyproject.toml allows
#   tools/install.sh system         the libraries that typeset PDFs
#   tools/install.sh system-test    also the programs that the tests use
#   tools/install.sh system-full    also a browser, for the tests that look at pages
#
# Asks the machine for the thing itself (does the library load, does the program start), not for a package. What is
# missing is installed by apt as root or through sudo without a password; else one message says what to run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

VENV=${VENV:-.venv}
LOG=install.log
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

fail() {
    printf 'pilotkit: %s\n' "$@" >&2
    exit 1
}

# step TEXT COMMAND...: runs quietly with one line of progress; shows the end of the log when the command fails.
step() {
    local text=$1 started=$SECONDS again=
    shift
    "$@" >"$LOG" 2>&1 &
    local child=$!
    printf '%s ...' "$text"
    if [ -t 1 ]; then
        again="\r$text ..."
        while kill -0 "$child" 2>/dev/null; do
            printf "$again %d s" $((SECONDS - started))
            sleep 0.5
        done
    fi
    if wait "$child"; then
        printf "$again done in %d s\n" $((SECONDS - started))
    else
        printf "$again failed; the end of %s:\n" "$LOG"
        tail -n 20 "$LOG" >&2
        return 1
    fi
}

# --- Python -----------------------------------------------------------------------------------------------------------

# The version that requirements.lock was made with comes first.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3.11 python3 python3.12 python3.13}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed, and ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>&1 || true)." \
        'Install it (Debian 12 and later: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.11'
}

install_checkout() {
    local pip=("$VENV/bin/python" -m pip)
    "${pip[@]}" install --no-build-isolation --no-deps --editable .
    # Another version of Python than the lock's may need more packages than it names.
    "${pip[@]}" check ||
        "${pip[@]}" install --no-build-isolation --constraint requirements.lock --editable '.[dev]'
}

venv() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python cannot make virtual environments." 'On Debian and Ubuntu: apt-get install python3-venv'
    [ -x "$VENV/bin/python" ] || step "Making the environment $VENV" "$python" -m venv "$VENV"
    step "Installing Python packages ($(grep -c == requirements.lock), some minutes the first time)" \
        "$VENV/bin/python" -m pip install --no-deps --requirement requirements.lock
    step 'Installing pilotkit' install_checkout
    touch "$VENV/.installed"
}

lock() {
    local fresh
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' RETURN
    step 'Making an empty environment' "$python" -m venv "$fresh"
    step 'Resolving and installing' "$fresh/bin/python" -m pip install '.[dev]'
    {
        printf '# Every Python package of a checkout, tests and tools included; made by `make lock` with Python %s.\n' \
            "$("$fresh/bin/python" -c 'import platform; print(platform.python_version())')"
        "$fresh/bin/python" -m pip freeze --exclude pilotkit
    } >requirements.lock
}

# --- Libraries and programs -------------------------------------------------------------------------------------------

missing=()

# need_library PACKAGE FILE: FILE is what WeasyPrint loads.
need_library() {
    "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$2" 2>/dev/null || missing+=("$1")
}

# need_program PACKAGE PROGRAM...: any of the programs will do.
need_program() {
    local package=$1 program
    shift
    for program in "$@"; do
        command -v "$program" >/dev/null && return
    done
    missing+=("$package")
}

need_postgresql() {
    # Debian keeps the server's programs out of the PATH, one folder per version.
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need_program postgresql initdb
}

need_jaxb() {
    # veraPDF reads its rules with JAXB, which Java no longer brings.
    [ -e /usr/share/java/jaxb-api.jar ] && [ -e /usr/share/java/jaxb-impl.jar ] || missing+=(libjaxb-java)
}

needs_of_system() {
    if [ "$(uname)" != Linux ]; then
        return # `pilotkit doctor` says what is missing elsewhere
    fi
    need_library libpango-1.0-0 libpango-1.0.so.0
    need_library libpangoft2-1.0-0 libpangoft2-1.0.so.0
    need_library libharfbuzz0b libharfbuzz.so.0
    need_library libharfbuzz-subset0 libharfbuzz-subset.so.0
    need_library libfontconfig1 libfontconfig.so.1
}

needs_of_system_test() {
    needs_of_system
    need_postgresql
    need_program poppler-utils pdftotext
    need_program qpdf qpdf
    need_program default-jre-headless java
    need_jaxb
}

needs_of_system_full() {
    needs_of_system_test
    need_program chromium chromium chromium-browser google-chrome
}

install_missing() {
    [ ${#missing[@]} -eq 0 ] && return
    local command=(apt-get install --yes --no-install-recommends "${missing[@]}") become=()
    if [ "$(id -u)" -ne 0 ]; then
        become=(sudo)
    fi
    if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo --non-interactive true 2>/dev/null; }; then
        step 'Asking apt what there is' "${become[@]}" apt-get update
        step "Installing ${missing[*]}" "${become[@]}" env DEBIAN_FRONTEND=noninteractive "${command[@]}"
        return
    fi
    fail "this machine lacks: ${missing[*]} (names of Debian's packages)." \
        "Install them, then run make again: sudo apt-get update && sudo ${command[*]}"
}

python=$(find_python)
case ${1:-} in
    venv) venv ;;
    lock) lock ;;
    system) needs_of_system && install_missing ;;
    system-test) needs_of_system_test && install_missing ;;
    system-full) needs_of_system_full && install_missing ;;
    *) fail 'usage: tools/install.sh venv | lock | system | system-test | system-full' ;;
esac
rm -f "$LOG"
