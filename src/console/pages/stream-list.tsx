/** @module A list of streams with what each brought, and the sum of all that are shown. */
import type { JSX } from "preact";
import type { Stream } from "../lib/client.ts";
import { type Figures, useFigures } from "../lib/figures.ts";
import { moment, money, moneyInFull, nothing, percent, short, whole } from "../lib/format.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import { Phase } from "../ui/basics.tsx";
import { Delta } from "../ui/delta.tsx";
import { Scrolled } from "../ui/scrolled.tsx";
import { Spark } from "../ui/spark.tsx";
import { streamTexts } from "./streams.text.ts";

export function StreamList({ streams }: { streams: readonly Stream[] }): JSX.Element {
  const t = inLanguage(streamTexts);
  const figures = useFigures(streams);
  return (
    <Scrolled label={t.title}>
      <table class="streams">
        <thead>
          <tr>
            <th scope="col">{t.stream}</th>
            <th scope="col" class="wide">
              {t.startsAt}
            </th>
            {[t.views, t.clicks, t.rate, t.orders, t.gmv].map((head) => (
              <th key={head} scope="col" class="num">
                {head}
              </th>
            ))}
            <th scope="col" class="num wide">
              {t.recent}
            </th>
            <th scope="col" class="wide">
              {t.trend}
            </th>
          </tr>
        </thead>
        <tbody>
          {streams.map((stream) => (
            <Row key={stream.id} stream={stream} figures={figures.get(stream.id)} />
          ))}
        </tbody>
        {figures.size > 1 ? <Sum figures={[...figures.values()]} /> : null}
      </table>
    </Scrolled>
  );
}

interface RowProps {
  stream: Stream;
  figures: Figures | undefined;
}

function Row({ stream, figures }: RowProps): JSX.Element {
  const t = inLanguage(streamTexts);
  const { title, host, destinations, startsAt, timezone } = stream;
  const platforms = destinations.map(({ platform }) => nameOf("destination", platform)).join(" / ");
  const recent = figures?.recent;
  return (
    <tr>
      <th scope="row">
        <a class="stream-name" href={`/console/streams/${stream.id}`}>
          <span class="row tight">
            <Phase phase={stream.phase} />
            <b>{title}</b>
          </span>
          <span class="sub">{[host, platforms].filter(Boolean).join(" · ")}</span>
        </a>
      </th>
      <td class="wide soft figures">{startsAt ? moment(startsAt, timezone) : nothing}</td>
      <td class="num" title={whole(figures?.views)}>
        {short(figures?.views)}
      </td>
      <td class="num" title={whole(figures?.clicks)}>
        {short(figures?.clicks)}
      </td>
      <td class="num">{percent(figures?.clickThrough)}</td>
      <td class="num">{whole(figures?.orders)}</td>
      <td class="num" title={moneyInFull(figures?.gmv)}>
        {money(figures?.gmv)}
      </td>
      <td class="num wide">
        {recent ? (
          <span class="row tight end">
            {short(recent.views)}
            <Delta share={recent.change} />
          </span>
        ) : (
          <span class="soft">{nothing}</span>
        )}
      </td>
      <td class="wide">
        <Spark values={figures?.spark ?? []} label={t.sparkOf(title)} />
      </td>
    </tr>
  );
}

/** A sum with a part that is not known is not known. */
function sumOf(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (sum, value) => (sum === null || value === null ? null : sum + value),
    0,
  );
}

function Sum({ figures }: { figures: readonly Figures[] }): JSX.Element {
  const t = inLanguage(streamTexts);
  const sum = (name: "views" | "clicks" | "orders" | "gmv") =>
    sumOf(figures.map((row) => row[name]));
  const [views, clicks, gmv] = [sum("views"), sum("clicks"), sum("gmv")];
  return (
    <tfoot>
      <tr>
        <th scope="row">{t.sum(figures.length)}</th>
        <td class="wide" />
        <td class="num">{whole(views)}</td>
        <td class="num">{whole(clicks)}</td>
        <td class="num">{percent(views && clicks !== null ? clicks / views : null)}</td>
        <td class="num">{whole(sum("orders"))}</td>
        <td class="num" title={moneyInFull(gmv)}>
          {money(gmv)}
        </td>
        <td class="wide" />
        <td class="wide" />
      </tr>
    </tfoot>
  );
}
