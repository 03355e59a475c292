import type { ReactNode } from "react";

import classes from "./DataTable.module.css";

export interface Column {
  title: string;
  /** Numbers stand right-aligned. */
  isNumber?: boolean;
  /** Left out where the page is narrow. */
  isExtra?: boolean;
}

export interface DataTableProps {
  label: string;
  columns: readonly Column[];
  /** Where the page is narrow, a row is two columns wide, and sentences below them: no word is broken for want of room. */
  stacks?: boolean;
  /** The rows: `tr` with a `Cell` for each column. */
  children: ReactNode;
}

/** A table of 36 px rows that scrolls sideways where it must. */
export function DataTable({ label, columns, stacks = false, children }: DataTableProps) {
  return (
    <table className={classes.table} data-stacks={stacks} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.title} scope="col" data-number={column.isNumber} data-extra={column.isExtra}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

export interface CellProps {
  isNumber?: boolean;
  isExtra?: boolean;
  /** Sentences break anywhere, so that a long word in them does not push the table wide. */
  isProse?: boolean;
  children?: ReactNode;
}

export function Cell({ isNumber, isExtra, isProse, children }: CellProps) {
  return (
    <td data-number={isNumber} data-extra={isExtra} data-prose={isProse}>
      {children}
    </td>
  );
}
