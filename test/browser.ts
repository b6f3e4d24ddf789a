/**
 * @module What the console asks of a browser once, when it is loaded, for tests of its parts in Node: it speaks
 * Chinese, keeps nothing, and is light. To be imported before what is tested.
 */
import { vi } from "vitest";

vi.stubGlobal("navigator", { languages: ["zh-CN"] });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
