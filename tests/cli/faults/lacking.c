/* To be preloaded: file systems that cannot sync a folder, or that have no locks. GRIDWORLD_TEST_FSYNC and
   GRIDWORLD_TEST_FLOCK have the numbers of the errors. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static int failing(const char *name) {
    const char *number = getenv(name);
    if (number == NULL) return 0;
    errno = atoi(number);
    return 1;
}

int fsync(int file) {
    struct stat status;
    if (fstat(file, &status) == 0 && S_ISDIR(status.st_mode) && failing("GRIDWORLD_TEST_FSYNC")) return -1;
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}

int flock(int file, int operation) {
    if (failing("GRIDWORLD_TEST_FLOCK")) return -1;
    return ((int (*)(int, int))dlsym(RTLD_NEXT, "flock"))(file, operation);
}
