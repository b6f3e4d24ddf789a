/** @module What somebody asks for by a click: whether it is under way, why it was refused, and asking for it again. */
import { useRef, useState } from "preact/hooks";
import { ApiProblem } from "./client.ts";

type Act = () => Promise<unknown>;

export interface Attempt {
  isBusy: boolean;
  problem: ApiProblem | undefined;
  /**
   * @returns why it was refused or not answered, if so
   * @throws what is no word of the API's
   */
  run: (act: Act) => Promise<ApiProblem | undefined>;
  /** Runs again what was run last. */
  again: () => void;
}

export function useAttempt(): Attempt {
  const [problem, setProblem] = useState<ApiProblem>();
  const [isBusy, setBusy] = useState(false);
  const last = useRef<Act>(undefined);
  const run = async (act: Act) => {
    last.current = act;
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
      return error;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, run, again: () => void (last.current && run(last.current)) };
}
