/** @module The version, from package.json; of which a bundle takes no more. */
export { version } from "../../package.json";
