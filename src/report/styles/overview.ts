/** Part of the style sheet of the report. */
export const overview = `
/* The whole delivery */
.eyebrow {
  color: var(--soft);
  font-size: 13px;
  font-weight: 550;
  margin-bottom: 8px;
}
.headline {
  font-size: 19px;
  margin-top: 8px;
  max-width: 46em;
  text-wrap: pretty;
}
.headline.failed {
  color: var(--bad);
}
.traits {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 24px;
  margin: 12px 0 0;
  font-size: 14px;
}
.traits div {
  display: flex;
  gap: 6px;
}
.traits dt {
  color: var(--soft);
}
.traits dd {
  margin: 0;
  overflow-wrap: anywhere;
}
.figures {
  display: flex;
  flex-wrap: wrap;
  gap: 20px 48px;
  margin: 28px 0;
}
.figure {
  display: flex;
  flex-direction: column-reverse;
}
.figure dt {
  color: var(--soft);
  font-size: 13px;
}
.figure dd {
  margin: 0;
  font-size: 26px;
  font-weight: 600;
  letter-spacing: -0.02em;
  line-height: 1.2;
}
.request {
  border-top: 1px solid var(--line);
  padding: 16px 0;
}
.request p:first-child {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 2px 8px;
}
.failed-run {
  background: var(--bad-back);
  border: 1px solid var(--bad);
  border-radius: 12px;
  padding: 20px 24px;
  margin: 28px 0;
  display: grid;
  gap: 14px;
}
.fault + .fault {
  border-top: 1px solid var(--bad);
  padding-top: 14px;
}
.fault .cause {
  font-size: 17px;
  font-weight: 600;
  overflow-wrap: anywhere;
  white-space: pre-wrap;
}
.fault dl {
  margin: 8px 0 0;
  display: grid;
  gap: 6px;
}
.fault dl div {
  display: grid;
  grid-template-columns: 9em 1fr;
  gap: 2px 12px;
}
.fault dt {
  font-weight: 600;
}
.fault dd {
  margin: 0;
  overflow-wrap: anywhere;
  white-space: pre-wrap;
}
.failed-run .soft {
  color: var(--ink);
  font-size: 14px;
}
.again {
  border-top: 1px solid var(--bad);
  padding-top: 14px;
}
.again code {
  display: block;
  margin-top: 8px;
  padding: 10px 14px;
  border-radius: 8px;
  background: var(--card);
  user-select: all;
}
.cards {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
  gap: 16px;
}
.card,
.block,
.message,
.said {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 12px;
}
.card {
  display: flex;
  flex-direction: column;
  padding: 20px;
}
.card h2 {
  display: flex;
  justify-content: space-between;
  align-items: center;
  gap: 12px;
}
.steps-of {
  margin: .75rem 0 .25rem;
  font-size: .85rem;
  font-weight: 600;
}
.steps {
  list-style: none;
  margin: 18px 0;
  padding: 0;
  display: grid;
  gap: 14px;
}
.step {
  position: relative;
  display: flex;
  gap: 12px;
}
.step:not(:last-child)::before {
  content: "";
  position: absolute;
  left: 10px;
  top: 24px;
  bottom: -12px;
  width: 2px;
  background: var(--line);
}
.step .does {
  display: block;
  line-height: 1.45;
}
.step .soft {
  font-size: 13px;
}
.step.waiting .does {
  color: var(--soft);
}
.mark {
  flex: none;
  display: inline-grid;
  place-items: center;
  position: relative;
  width: 22px;
  height: 22px;
  border-radius: 50%;
  border: 1.5px solid transparent;
  background: var(--good-back);
  color: var(--good);
}
.mark svg {
  width: 16px;
  height: 16px;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.8;
  stroke-linecap: round;
  stroke-linejoin: round;
}
.mark.failed {
  background: var(--bad-back);
  color: var(--bad);
}
.mark.refused {
  background: var(--warn-back);
  color: var(--warn);
}
.mark.waiting {
  background: none;
  border: 1.5px dashed var(--soft);
}
.holdings {
  display: grid;
  grid-template-columns: repeat(3, 1fr);
  gap: 12px 8px;
  margin: auto 0 14px;
  padding-top: 16px;
  border-top: 1px solid var(--line);
}
.holdings div {
  display: flex;
  flex-direction: column-reverse;
  justify-content: flex-end;
}
.holdings dt {
  color: var(--soft);
  font-size: 12.5px;
  line-height: 1.3;
}
.holdings dd {
  margin: 0;
  font-weight: 600;
  font-size: 17px;
}
.card > .soft {
  font-size: 13px;
}
.badge {
  display: inline-block;
  border-radius: 6px;
  padding: 1px 7px;
  font-size: 12.5px;
  font-weight: 550;
  line-height: 1.5;
  letter-spacing: 0;
  background: var(--quiet);
  color: var(--soft);
}
.badge.good {
  background: var(--good-back);
  color: var(--good);
}
.badge.bad {
  background: var(--bad-back);
  color: var(--bad);
}
.badge.warn {
  background: var(--warn-back);
  color: var(--warn);
}
.unreached {
  margin-top: 12px;
}
.place {
  margin-top: 4px;
}
.pair {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr));
  gap: 0 16px;
  align-items: start;
}
.next-steps {
  margin: 16px 0 0;
  padding-left: 1.4em;
  display: grid;
  gap: 10px;
  overflow-wrap: anywhere;
}
.next-steps li::marker {
  font-weight: 600;
  color: var(--soft);
}
.services {
  margin: 0;
  display: grid;
  gap: 12px;
}
.services dt {
  font-weight: 600;
}
.services dd {
  margin: 0;
}
`
