/** @module The machines that a package is made for, and what each calls its parts. */
export interface Target {
  /** The npm package that has workerd's binary. */
  workerd: string;
  /** Debian's name of the architecture, and of its folder of libraries. */
  debian: string;
  libraries: string;
  /** What starts a program by these libraries. */
  loader: string;
  /** Whether a package for it was ever run by us. */
  isTested: boolean;
}

export const targets: ReadonlyMap<string, Target> = new Map([
  [
    "linux-x64",
    {
      workerd: "@cloudflare/workerd-linux-64",
      debian: "amd64",
      libraries: "usr/lib/x86_64-linux-gnu",
      loader: "ld-linux-x86-64.so.2",
      isTested: true,
    },
  ],
  [
    "linux-arm64",
    {
      workerd: "@cloudflare/workerd-linux-arm64",
      debian: "arm64",
      libraries: "usr/lib/aarch64-linux-gnu",
      loader: "ld-linux-aarch64.so.1",
      isTested: false,
    },
  ],
]);
