/** Part of the style sheet of the report. */
export const details = `
/* One environment after the other */
.details {
  position: relative;
  margin-top: 40px;
}
.tabs {
  display: none;
  width: fit-content;
  gap: 2px;
  padding: 4px;
  margin-bottom: 24px;
  border-radius: 12px;
  background: var(--quiet);
  border: 1px solid var(--line);
}
.tabs label {
  padding: 6px 22px;
  border-radius: 8px;
  font-weight: 570;
  color: var(--soft);
  cursor: pointer;
}
.tabs label:hover {
  color: var(--ink);
}
.panel {
  display: block;
}
.panel > h2 {
  font-size: 26px;
  margin-bottom: 16px;
}
@media screen {
  .tabs {
    display: flex;
  }
  .panels:not(.single) .panel {
    display: none;
  }
}
.block {
  padding: 24px;
  margin-top: 16px;
}
.lead {
  margin: 4px 0 18px;
  max-width: 62em;
}
.said {
  padding: 16px 20px;
  display: grid;
  gap: 10px;
}
.said li {
  display: flex;
  gap: 12px;
  overflow-wrap: anywhere;
}
.message {
  padding: 14px 20px;
  margin-bottom: 12px;
}
.message.warning {
  border-color: transparent;
  background: var(--warn-back);
  color: var(--warn);
}
.message .text {
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
`
