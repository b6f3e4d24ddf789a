/** @module Where the picture of links without a cover is, on our own host; apart, since the picture is read when it is asked for. */
export const picturePath = "/assets/moongate.png";
