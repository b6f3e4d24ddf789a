/**
 * @module The usual reporter, which also ends a run of which every file has ended and vitest has not: now and then, on
 * a machine that is busy, the message that a file is done gets lost between workerd and vitest, which waits for it for
 * ever. What the tests found stands by then; it is said as usual, and is the exit code.
 */
import { DefaultReporter, type TestModule, type TestSpecification } from "vitest/node";

/** A run closes its workers within seconds. ms */
const endsWithin = 20_000;

export default class Ending extends DefaultReporter {
  #running = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  override onTestRunStart(specifications: readonly TestSpecification[]): void {
    super.onTestRunStart(specifications);
    clearTimeout(this.#timer);
    this.#running = new Set(
      specifications.map(({ project, moduleId }) => nameOf(project.name, moduleId)),
    );
  }

  override onTestModuleEnd(module: TestModule): void {
    super.onTestModuleEnd(module);
    this.#running.delete(nameOf(module.project.name, module.moduleId));
    if (this.#running.size === 0) this.#timer = setTimeout(() => this.#end(), endsWithin);
  }

  override onTestRunEnd(...found: Parameters<DefaultReporter["onTestRunEnd"]>): void {
    clearTimeout(this.#timer);
    super.onTestRunEnd(...found);
  }

  #end(): void {
    const modules = this.ctx.state.getTestModules();
    const unhandled = this.ctx.state.getUnhandledErrors();
    const isWell = unhandled.length === 0 && modules.every((module) => module.ok());
    super.onTestRunEnd(modules, unhandled, isWell ? "passed" : "failed");
    console.log(`Vitest has not ended for ${endsWithin / 1_000} s, so the run ends here.`);
    process.exit(isWell ? 0 : 1);
  }
}

const nameOf = (project: string, moduleId: string): string => `${project} ${moduleId}`;
