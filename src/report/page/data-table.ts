import { type Html, html } from './html.js';

export interface TableColumn<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Html | string;
  /** Numbers are set to the right. */
  readonly number?: boolean;
  /** A long text that may be broken anywhere. */
  readonly text?: boolean;
}

/** Columns without long texts that a phone has room for. */
const MAX_NARROW = 4;

/** A table that becomes a list of named values on a narrow page. */
export function dataTable<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[]): Html {
  const look = ({ number, text }: TableColumn<Row>): string => (number === true ? 'n' : text === true ? 'text' : '');
  const fold = columns.length > MAX_NARROW || columns.some(({ text }) => text === true) ? 'fold' : '';
  return html`<div class="scroll">
    <table class="${fold}">
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class="${look(column)}">${column.head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map((column) => {
                const { head, cell, text } = column;
                const named = text === true ? '' : html` data-name="${head}"`;
                return html`<td class="${look(column)}" ${named}>${cell(row)}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
