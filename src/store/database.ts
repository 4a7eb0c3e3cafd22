import type Libsql from 'libsql';

export type Database = Libsql.Database;
export type Statement = Libsql.Statement;
