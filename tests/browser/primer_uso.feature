# language: es
Característica: El primer uso, en el navegador
  Quien acaba de llegar abre una dirección, contesta seis preguntas y trae su archivo; lo que aprueba sale una vez,
  y a quien paga se le deja tranquilo.

  Escenario: De la primera pregunta al cliente que paga
    Dado un acreedor recién creado y su administradora, el miércoles 18 de noviembre de 2026 por la mañana
    Cuando entra con su correo y su contraseña
    Entonces lee «Empecemos» y los tres pasos que faltan
    Cuando contesta las seis preguntas y acepta la propuesta
    Y elige el buzón de pruebas en los ajustes del correo
    Y trae su archivo, con 12 facturas de 5 clientes
    Entonces ve qué haría con sus 12 filas, y todavía no hay nada anotado
    Cuando lo importa
    Y hace el proceso diario desde la importación
    Entonces en Hoy hay 4 mensajes por aprobar, cada uno con su motivo y su texto
    Cuando aprueba el primero con la tecla «a»
    Entonces quedan 3 mensajes por aprobar
    Cuando aprueba los 3 que quedan de una vez
    Y envía desde el buzón lo que puede salir
    Y vuelve a enviar lo que puede salir
    Entonces en el buzón de pruebas hay 4 correos
    Y el de ribera@example.com reclama 1.355,56 € a «Bar Ribera»
    Cuando anota que «Bar Ribera» ha pagado los 1.355,56 €
    Y al día siguiente hace el proceso desde Hoy
    Entonces «Bar Ribera» figura «Sin deuda» y no está en Hoy
    Y «Librería Añil» está en Hoy, porque lleva ya tres días de retraso
    Y a los otros tres se les deja su tiempo para contestar
    Cuando aprueba y envía lo de ese día
    Entonces en el buzón de pruebas hay 5 correos
    Y el navegador no se ha quejado de nada
