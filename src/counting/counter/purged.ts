/** @module How a Counter ends when it is deleted: the error that whoever asked for it gets. */
export const purged = "purged";
