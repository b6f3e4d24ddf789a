/** @module A page whose script is loaded when it is first looked at; where that fails it says so, and tries again. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiProblem } from "../lib/client.ts";
import { Failure, Waiting } from "./basics.tsx";

type Page = () => JSX.Element;

export function later(load: () => Promise<Page>): Page {
  let loaded: Page | undefined;
  return function Later() {
    const [tries, setTries] = useState(0);
    const [problem, setProblem] = useState<ApiProblem>();
    const [isThere, setThere] = useState(loaded !== undefined);
    useEffect(() => {
      if (loaded) return;
      let isOver = false;
      load().then(
        (page) => {
          loaded = page;
          if (!isOver) setThere(true);
        },
        (error: unknown) => {
          if (!isOver) setProblem(new ApiProblem(0, { detail: String(error) }));
        },
      );
      return () => {
        isOver = true;
      };
    }, [tries]);
    const again = () => {
      setProblem(undefined);
      setTries(tries + 1);
    };
    if (isThere && loaded) {
      const Loaded = loaded;
      return <Loaded />;
    }
    return problem ? <Failure problem={problem} again={again} /> : <Waiting />;
  };
}
