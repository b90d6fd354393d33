# language: es
Característica: El primer día de una empleada de créditos
  Una persona entrega la hoja de cálculo de su programa de facturas y ve quién debe qué, qué se haría hoy con
  cada cliente y por qué.

  Escenario: Del archivo a la decisión, con su motivo
    Dado un acreedor recién creado con «aldia init»
    Y el archivo de facturas históricas con fechas de estilo americano
    Cuando importa las facturas con «aldia import invoices»
    Entonces hay 2466 facturas nuevas y ningún error
    Cuando hace el proceso del 2013-06-30
    Entonces hay 84 partidas abiertas y 12 vencidas
    Y las decisiones suman 100 clientes
    Y las cuentas cuadran con «aldia verify»
    Cuando repite el proceso del 2013-06-30
    Entonces no se anota nada nuevo
    Cuando hace el proceso del 2013-07-20
    Entonces las decisiones suman 100 clientes
    Cuando pide que le expliquen un cliente con aviso el 2013-07-20
    Entonces la explicación dice el paso, los días de retraso y el importe
    Cuando vuelve a importar el mismo archivo
    Entonces todas las facturas figuran sin cambios
    Y un proceso con fecha anterior se rechaza con una frase

  Escenario: Un archivo que no se puede leer no deja nada a medias
    Dado un acreedor recién creado con «aldia init»
    Cuando importa un archivo cuyas fechas pueden leerse de dos maneras
    Entonces se rechaza y pide la fecha con «--date-format»
    Y no se ha guardado ninguna factura
