# language: es
Característica: Importar una tabla de facturas
  Una administrativa trae la hoja con la que trabaja; la mira antes de registrarla, y si se equivoca la deshace.

  Escenario: La hoja real, tal como es
    Dado un acreedor que factura en USD
    Y un archivo de facturas con fecha de cobro, mes antes que día y sin nombres
    Cuando lo mira antes de importarlo
    Entonces no se ha registrado ninguna factura
    Y el resumen dice que 120 filas son nuevas
    Cuando lo importa
    Entonces hay 120 facturas y 120 cobros
    Y los libros cuadran

  Escenario: Dos veces la misma hoja
    Dado un acreedor que factura en USD
    Y un archivo de facturas con fecha de cobro, mes antes que día y sin nombres
    Cuando lo importa
    Y lo importa
    Entonces el resumen dice que 120 filas siguen igual
    Y hay 120 facturas y 120 cobros

  Escenario: Una fila mala no se cuela ni estorba
    Dado un acreedor que factura en EUR
    Y este archivo de facturas
      | Nº factura | Cód. cliente | Fecha factura | Vencimiento | Importe total |
      | F1         | C1           | 13/01/2026    | 13/02/2026  | 1.234,56      |
      | F2         | C1           | 14/01/2026    | 31/02/2026  | 50,00         |
    Cuando lo importa
    Entonces se niega y nombra la fila 3 y la columna «Vencimiento»
    Y hay 0 facturas y 0 cobros
    Cuando importa solo las filas correctas
    Entonces hay 1 facturas y 0 cobros

  Escenario: Arrepentirse a tiempo
    Dado un acreedor que factura en USD
    Y un archivo de facturas con fecha de cobro, mes antes que día y sin nombres
    Cuando lo importa
    Y deshace la importación
    Entonces hay 0 facturas y 0 cobros
    Y los libros cuadran
    Cuando lo importa
    Entonces hay 120 facturas y 120 cobros
