/** Part of the style sheet of the report. */
export const tables = `
/* Pictures and tables */
figure {
  margin: 0 0 20px;
}
figure .vnet-map {
  --paper: transparent;
  display: block;
}
figure.wide .vnet-map {
  min-width: 760px;
}
figure.narrow {
  display: none;
  border: 1px solid var(--line);
  border-radius: 8px;
}
.scroll {
  /* Holds what is placed for screen readers only, which would widen the page otherwise. */
  position: relative;
  overflow-x: auto;
  border: 1px solid var(--line);
  border-radius: 8px;
}
.scroll:focus-visible,
summary:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}
table {
  border-collapse: collapse;
  width: 100%;
  font-size: 14px;
}
th,
td {
  text-align: left;
  vertical-align: top;
  padding: 9px 14px;
  border-top: 1px solid var(--line);
}
thead th {
  border-top: 0;
  background: var(--quiet);
  font-size: 13px;
  font-weight: 570;
  vertical-align: bottom;
}
thead th code {
  display: block;
  font-weight: 400;
  color: var(--soft);
}
tbody th {
  font-weight: 550;
}
.list td,
.list th[scope="row"] {
  min-width: 9em;
}
.list code {
  overflow-wrap: break-word;
}
.list th[scope="row"] code {
  white-space: nowrap;
}
.inventory th[scope="row"] {
  white-space: nowrap;
  width: 17%;
}
.inventory .area th {
  padding: 14px 14px 6px;
  font-size: 13px;
  color: var(--soft);
  border-top: 1px solid var(--line);
}
.inventory tbody:first-of-type .area th {
  border-top: 0;
}
.inventory .area + tr > * {
  border-top: 0;
}
.inventory td:nth-child(2) {
  width: 26%;
}
.inventory td:nth-child(3) {
  width: 36%;
}
.inventory td:nth-child(4) {
  width: 21%;
}
.matrix th[scope="row"] code {
  display: block;
  font-weight: 400;
  color: var(--soft);
}
.matrix th:first-child {
  position: sticky;
  left: 0;
  background: var(--card);
  min-width: 170px;
  max-width: 260px;
  box-shadow: inset -1px 0 var(--line);
}
.matrix thead th:first-child {
  background: var(--quiet);
}
.matrix td,
.matrix thead th:not(:first-child) {
  min-width: 132px;
}
.folders td,
.folders thead th:not(:first-child) {
  min-width: 104px;
}
.folders th:first-child code {
  color: var(--ink);
  white-space: nowrap;
}
.role {
  line-height: 1.35;
}
.role + .role {
  margin-top: 6px;
}
.none::before {
  content: "–";
  color: var(--soft);
  opacity: 0.6;
}
.chip {
  display: inline-block;
  padding: 0 8px;
  margin: 1px 2px 1px 0;
  border-radius: 999px;
  border: 1px solid var(--line);
  font-size: 13px;
  overflow-wrap: break-word;
}
.right {
  display: inline-block;
  padding: 1px 9px;
  border-radius: 6px;
  font-size: 13px;
  font-weight: 550;
  white-space: nowrap;
  background: var(--quiet);
}
.right.write {
  background: var(--good-back);
  color: var(--good);
}
.right.read {
  background: var(--read-back);
  color: var(--read);
}
.right.pass {
  color: var(--soft);
}
.rights {
  white-space: nowrap;
  color: var(--soft);
}
.entries {
  min-width: 15em;
}
details {
  margin-top: 16px;
}
summary {
  cursor: pointer;
  color: var(--accent);
  font-weight: 550;
  width: fit-content;
  border-radius: 4px;
}
details > :not(summary) {
  margin-top: 12px;
}
.columns {
  columns: 22em;
  padding-left: 1.2em;
  margin-bottom: 0;
}
.block > h2 + table {
  margin-top: 16px;
}
.block > table {
  border: 1px solid var(--line);
  border-radius: 8px;
  border-collapse: separate;
  border-spacing: 0;
  overflow: hidden;
}
tfoot th,
tfoot td {
  background: var(--quiet);
  font-weight: 600;
}
.explained {
  display: block;
  font-size: 13px;
  font-weight: 400;
  color: var(--soft);
}
.tally td,
.tally thead th:not(:first-child) {
  text-align: right;
  min-width: 0;
  width: 7em;
}
.zero {
  color: var(--soft);
}
.costs td:last-child,
.costs thead th:last-child {
  text-align: right;
}
.changes th[scope="row"] {
  width: 18%;
}
.changes td:nth-child(2) {
  min-width: 6em;
  width: 7em;
}
.changes td:nth-child(3) {
  width: 32%;
}
.properties li {
  overflow-wrap: anywhere;
}
.properties li + li {
  margin-top: 4px;
}
.path {
  color: var(--soft);
}
del,
ins {
  font-family: var(--mono);
  font-size: 0.86em;
  text-decoration: none;
  border-radius: 4px;
  padding: 0 4px;
}
del {
  background: var(--bad-back);
  color: var(--bad);
}
ins {
  background: var(--good-back);
  color: var(--good);
}
`
