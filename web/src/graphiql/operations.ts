import { Kind, type OperationDefinitionNode, parse } from "graphql";

/**
 * The operation of `query` that is executed: the one of that name, else the only one. None where there are several, or
 * where the text cannot be read; the server says why.
 */
export function chosenOperation(query: string, name: string | null | undefined): OperationDefinitionNode | undefined {
  const operations = operationsOf(query);
  return operations.find((operation) => operation.name?.value === (name ?? undefined)) ?? only(operations);
}

function operationsOf(query: string): OperationDefinitionNode[] {
  try {
    return parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
}

function only<T>(items: T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}
