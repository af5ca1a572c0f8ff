/** Part of the style sheet of the report. */
export const media = `
/* Small screens, and paper */
@media (max-width: 640px) {
  main {
    padding: 28px 16px 64px;
  }
  h1 {
    font-size: 32px;
  }
  .headline {
    font-size: 17px;
  }
  .figures {
    display: grid;
    grid-template-columns: 1fr 1fr;
    align-items: start;
    gap: 18px 16px;
  }
  .block {
    padding: 18px 16px;
    border-radius: 10px;
  }
  .tabs {
    width: auto;
  }
  .tabs label {
    flex: 1;
    padding: 6px 8px;
    text-align: center;
  }
  .failed-run {
    padding: 18px 16px;
  }
  .fault dl div {
    grid-template-columns: 1fr;
  }
  .holdings {
    grid-template-columns: 1fr 1fr;
  }
  figure.wide {
    display: none;
  }
  figure.narrow {
    display: block;
  }
  .scroll {
    border: 0;
    overflow: visible;
  }
  .scroll > .stacked {
    border: 1px solid var(--line);
    border-radius: 8px;
  }
  .stacked,
  .stacked :is(tbody, tfoot, tr, th, td) {
    display: block;
  }
  .stacked thead {
    display: none;
  }
  .stacked :is(td, th[scope="row"]) {
    width: auto;
    min-width: 0;
    max-width: none;
    position: static;
    box-shadow: none;
    text-align: left;
    overflow-wrap: anywhere;
  }
  .stacked th[scope="row"] {
    padding: 12px 14px 4px;
  }
  .stacked th[scope="row"] code {
    white-space: normal;
  }
  .stacked tfoot tr {
    background: var(--quiet);
  }
  .stacked td {
    border: 0;
    padding: 0 14px 8px;
  }
  .stacked td[data-label]:not([data-label=""])::before {
    content: attr(data-label);
    display: block;
    font-size: 12.5px;
    color: var(--soft);
  }
  .stacked td:empty,
  .stacked td:has(> .soft.nothing:only-child),
  .stacked td:has(> .none:only-child) {
    display: none;
  }
  .entries {
    min-width: 0;
  }
  .matrix td {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 2px 12px;
  }
  .tally td {
    display: inline-block;
    padding: 0 0 10px 14px;
  }
  .tally td[data-label]::before {
    content: attr(data-label) " " !important;
    display: inline !important;
  }
  .tally td:has(.zero) {
    display: none;
  }
}

@page {
  margin: 14mm;
}
@media print {
  :root {
    --page: #fff;
    --raised: none;
  }
  body {
    zoom: 0.7;
  }
  main {
    max-width: none;
    padding: 0;
  }
  .panel {
    break-before: page;
  }
  figure.wide {
    display: block;
  }
  figure.narrow {
    display: none;
  }
  a {
    color: inherit;
  }
  .cards {
    grid-template-columns: repeat(3, 1fr);
  }
  .block {
    padding: 16px 0;
    border: 0;
  }
  .card,
  .message,
  tr,
  figure {
    break-inside: avoid;
  }
  h3,
  h4 {
    break-after: avoid;
  }
  th,
  td {
    padding: 6px 8px;
  }
  .scroll {
    overflow: visible;
  }
  .screen-only {
    display: none;
  }
  details::details-content {
    content-visibility: visible;
    height: auto;
  }
  summary {
    color: var(--ink);
    list-style: none;
  }
  .tabs {
    display: none;
  }
  figure .vnet-map,
  .matrix td,
  .matrix thead th:not(:first-child),
  .list td,
  .list th[scope="row"],
  .entries {
    min-width: 0;
  }
  .matrix th:first-child {
    position: static;
    min-width: 0;
  }
}
`
