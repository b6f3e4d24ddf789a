/** @module Where `npm run provinces` puts the table, and where a build has it: an empty file where none was made. */
export const provincesFile = "provinces.bin";
export const builtProvinces = "dist/provinces.bin";
