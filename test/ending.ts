/**
 * @module A reporter that ends a run of which every file has ended and vitest has not: now and then, on a machine that
 * is busy, the message that a file is done gets lost between workerd and vitest, which waits for it for ever. What the
 * tests found stands by then; it is said, and is the exit code.
 */
import type { Reporter, TestModule, TestSpecification, Vitest } from "vitest/node";

/** A run closes its workers within seconds. ms */
const endsWithin = 60_000;

export default class Ending implements Reporter {
  #vitest: Vitest | undefined;
  #files = 0;
  #failed = 0;
  #running = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    clearTimeout(this.#timer);
    this.#running = new Set(
      specifications.map(({ project, moduleId }) => nameOf(project.name, moduleId)),
    );
    this.#files = this.#running.size;
    this.#failed = 0;
  }

  onTestModuleEnd(module: TestModule): void {
    if (!module.ok()) this.#failed += 1;
    this.#running.delete(nameOf(module.project.name, module.moduleId));
    if (this.#running.size === 0) this.#timer = setTimeout(() => this.#end(), endsWithin);
  }

  onTestRunEnd(): void {
    clearTimeout(this.#timer);
  }

  #end(): void {
    const unhandled = this.#vitest?.state.getUnhandledErrors() ?? [];
    for (const error of unhandled) console.error(error);
    console.log(
      `\n${this.#files} files have ended, ${this.#failed} of them failed, ${unhandled.length} errors were unhandled; vitest has not ended for ${endsWithin / 1_000} s, so the run ends here.`,
    );
    process.exit(this.#failed === 0 && unhandled.length === 0 ? 0 : 1);
  }
}

const nameOf = (project: string, moduleId: string): string => `${project} ${moduleId}`;
