/** Part of the style sheet of the report. */
export const base = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9;
  --card: #ffffff;
  --ink: #1b1f24;
  --soft: #59636e;
  --line: #dde2e8;
  --quiet: #eef1f4;
  --accent: #2f6fdb;
  --good: #17703f;
  --good-back: #e3f4ea;
  --bad: #b42318;
  --bad-back: #fdebe9;
  --warn: #7a5400;
  --warn-back: #fcf1d6;
  --read: #1f5fbf;
  --read-back: #e7effc;
  --tab: #ffffff;
  --raised: 0 1px 2px rgb(16 24 40 / 8%), 0 1px 3px rgb(16 24 40 / 10%);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0b0e13;
    --card: #12161d;
    --ink: #e6eaf0;
    --soft: #9aa5b1;
    --line: #272e38;
    --quiet: #1a2029;
    --accent: #6ea8ff;
    --good: #6fd79b;
    --good-back: #12301f;
    --bad: #ff9a8f;
    --bad-back: #3a1613;
    --warn: #efc26a;
    --warn-back: #33270c;
    --read: #8fbaff;
    --read-back: #14264a;
    --tab: #2c3644;
    --raised: 0 1px 2px rgb(0 0 0 / 50%);
  }
}

* {
  box-sizing: border-box;
}
body {
  margin: 0;
  background: var(--page);
  color: var(--ink);
  font:
    15px / 1.5 system-ui,
    -apple-system,
    "Segoe UI",
    Roboto,
    "Helvetica Neue",
    Arial,
    sans-serif;
  -webkit-text-size-adjust: 100%;
}
main {
  max-width: 1180px;
  margin: 0 auto;
  padding: 48px 24px 96px;
}
h1,
h2,
h3,
h4 {
  line-height: 1.2;
  margin: 0;
  letter-spacing: -0.01em;
  text-wrap: balance;
}
h1 {
  overflow-wrap: anywhere;
  font-size: 40px;
  font-weight: 650;
  letter-spacing: -0.025em;
}
h2 {
  font-size: 21px;
  font-weight: 620;
}
h3 {
  font-size: 18px;
  font-weight: 620;
}
h4 {
  font-size: 14px;
  font-weight: 620;
  margin: 24px 0 8px;
}
p {
  margin: 0;
}
a {
  color: var(--read);
  text-underline-offset: 2px;
  text-decoration-thickness: 1px;
}
a:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
  border-radius: 2px;
}
code {
  font-family: var(--mono);
  font-size: 0.86em;
  overflow-wrap: anywhere;
}
.number,
dd {
  font-variant-numeric: tabular-nums;
}
.soft,
.note,
.lead {
  color: var(--soft);
}
.hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
.plain {
  list-style: none;
  margin: 0;
  padding: 0;
}
.note {
  font-size: 14px;
  margin-top: 12px;
}
`
