/** @module A page whose code comes when it is asked for: what few visit is not read by everybody. */
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiProblem } from "../lib/client.ts";
import { Failure, Waiting } from "./basics.tsx";

/** @param load its module; asked for again where nothing answered */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => JSX.Element {
  return function Later(props: Props): JSX.Element {
    const [Page, setPage] = useState<ComponentType<Props>>();
    const [tries, setTries] = useState(0);
    const [isMissing, setMissing] = useState(false);
    useEffect(() => {
      let isLeft = false;
      setMissing(false);
      load().then(
        (page) => isLeft || setPage(() => page),
        () => isLeft || setMissing(true),
      );
      return () => {
        isLeft = true;
      };
    }, [tries]);
    if (Page) return <Page {...props} />;
    const problem = new ApiProblem(0, {});
    return isMissing ? (
      <Failure problem={problem} again={() => setTries(tries + 1)} />
    ) : (
      <Waiting lines={6} />
    );
  };
}
