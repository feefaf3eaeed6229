package words

// concepts are what intentRules are made of, and the ways of saying each, separated by spaces. A
// phrase has underscores between its words; the last word may be a stem: jubil*. Case, accents,
// spelling by ear and single wrong letters of long words do not matter.
var concepts = map[string]string{ //nolint:gosec // words for passwords, not passwords
	// Things and people.
	"account": `cuenta cuentas correo correos correito mail mails email emails e_mail usuario usuarios office outlook account accounts mailbox user username users
		buzon hotmail gmail teams`,
	"holder": `docente docentes maestr* profe profes profesor* alumn* nin* estudiant* chavo chavos muchach* personal director directora intendente secretaria plantel
		escuela primaria secundaria preescolar jardin telesecundaria zona teacher* student* pupil* principal staff conserje administrativo administrativa
		prefecto prefecta trabajador trabajadora empleado empleada orientador* psicolog* inspeccion supervision prepa kinder bachillerato docnte maetra mtros
		hijo hija menor menores worker employee kid child children`,
	"request": `solicitud solicitudes tramite tramites pedido lo_que_pedi lo_mio peticion pedi mande envie solicite ingrese request requests requested i_sent i_asked
		oficio folio`,
	"sent":     `lo_que_pedi lo_que_mande lo_que_envie lo_mio pedi mande envie solicite ingrese que_hice i_sent i_asked i_requested i_submitted`,
	"form":     `formulario formato form`,
	"password": `contrasen* clave claves password* passcode contra contras contrasenia contrasenias contraseña_temporal`,
	"licence":  `licencia licencias licence licences license licenses`,
	"curp":     `curp curps`,
	"named": `nombre nombres apellido apellidos direccion_de_correo name surname address segundo_apellido primer_apellido direccion_electronica segundo_nombre
		last_name first_name full_name`,
	"button": `boton botones button buttons`,

	// Wanting.
	"want": `quiero quisiera quiere queremos necesit* solicit* ocupo ocupa ocupamos requier* pido pedir dar_de_alta den_de_alta des_de_alta alta altas generar
		generen genera generamos crear creacion creen crea creame crearle hacer_una hacerle sacar sacarle saco tramitar tramito tramitarle registrar
		hace_falta me_falta nos_falta nos_faltan les_falta faltan podrian podria pueden puede_hacer conseguir obtener abrirle abrir_una abrir_un asignar
		asignen gestionar need needs want request create would_like get_an get_a set_up set_me_up setup make_an make_a can_i_have can_i_get open_an apply urge
		urgen me_urge nos_urge precisa preciso hagan hagame haganme dame den denos nos_den me_den le_den les_den mandeme interesa interesado busco buscamos
		abran abreme tener hagamos agregar agreguen agreguenme incluir incorporar make give_us give_me looking_for add must_have interested haz hazme hagas
		hacen hace_una crearme crearnos darme darnos dame_de_alta inscribir proporcion* facilit* otorg* expid* emit* tramite_de tramita deseo desean deseamos
		gustaria querer queria get_email get_accounts like_to_get to_get gener* cree creeme creenme creenle crearan tramit* inscrib* pedirle pedirles pedirte
		pedirlo solicitarles solicitarle conseguirme conseguirle get_my get_their get_our get_her get_his get_emails obtain issue assign agenden hacerme
		hacernos hacerles hacer_un se_puede_hacer se_puede_crear se_puede_tener puedo_tener puedo_pedir puedo_sacar como_tener para_tener tengo_que_sacar
		tengo_que_pedir debo_sacar exigen`,
	"register": `dar_de_alta den_de_alta des_de_alta dado_de_alta alta altas registrar inscribir sign_up register`,
	"helpme":   `ayud* apoyo apoyarme apoyen auxilio orientar orienten help assist apoyeme apoyarnos echar_la_mano echame_la_mano me_echan favor`,
	"for":      `para_un para_una para_unos para_el para_la para_los para_las para_mi para_mis para_otro para_otra for_a for_an for_my for_our for_the for_new`,
	"new": `nuevo nuevos nueva nuevas nuevo_ingreso recien llego llegaron entro_a_trabajar ingreso_a interino interina sustituto new just_arrived joined
		just_started se_acaba_de acaba_de acaban_de se_integro se_incorporo se_integra se_incorpora incorporacion incorporaron integrar_a primer_dia new_hire
		just_hired starts_on starting`,
	"newcomer": `nuevo_ingreso nuevos_ingresos reciente_ingreso reciente_incorporacion nueva_creacion recien_llegad* recien_contratad* recien_egresad* brand_new
		new_teacher* new_student*`,
	"without": `no_tiene no_tienen no_tenemos no_tengo sin_correo sin_cuenta ninguno ninguna no_cuenta_con no_cuentan_con no_le_han_dado no_les_han_dado doesn_t_have
		don_t_have has_no have_no without aun_no_nos_dan aun_no_me_dan todavia_no_nos_dan todavia_no_me_dan no_nos_han_dado no_me_han_dado les_falta_correo
		no_cuento_con no_contamos_con carece carecen le_piden me_piden nos_piden les_piden lacks`,
	"how": `como_le_hago como_hago como_se_pide como_se_solicita como_pido como_solicito donde_pido donde_solicito donde_se_pide donde_se_tramitan donde_se_piden
		donde_se_solicitan how_do_i_request how_to_request how_do_we_get como_se_tramita donde_se_tramita donde_tramito como_tramito como_obtengo
		donde_consigo donde_obtengo pasos_para a_quien_le_pido who_do_i_ask where_do_i_request where_can_i_request how_can_i_get where_do_i_get how_can_my
		how_can_i how_do_my how_do_we how_does_a que_hago_para que_tengo_que_hacer_para que_debo_hacer_para que_se_hace_para`,

	// Accounts of people who left, and closed accounts.
	"left": `jubil* pension* ya_no_labora* ya_no_trabaja* ya_no_da_clase* ya_no_esta_en ya_no_esta_con ya_no_esta_aqui ya_no_estudia ya_no_es ya_no_viene ya_no_va
		ya_no_asiste ya_no_pertenece ya_se_fue se_fue_de se_fue_a ya_salio_de renuncio renunciaron renuncia fallec* murio defuncion difunt* finado baja bajas
		cambio_de_escuela cambiaron_de_escuela cambio_de_adscripcion cambio_de_plantel se_cambio_a paso_a_retiro se_retiro dejo_la_escuela dejo_de_trabajar
		dejo_de_estudiar dejo_de_laborar desert* egres* despidieron despedid* cesad* termino_su_contrato termino_su_interinato termino_contrato
		se_acabo_su_contrato cambiaron_de_zona anterior_director anterior_directora director_anterior directora_anterior retired retire retirement retiring
		left_the left_our left_us left_last has_left already_left no_longer doesn_t_work_here doesn_t_work_at doesn_t_work_with not_work_here does_not_work
		resigned died passed_away dropped_out quit moved_away transferred graduated jubilad* se_jubila se_murio muerto muerta ya_no_trabaja_aki ya_no_labore
		ya_no_esta_laborando ya_no_hay ya_no_forma ya_no_quiere_que ya_termino_la ex_alumn* exalumn* ex_maestr* ex_docente ex_emplead* ex_trabajador* se_mudo
		se_cambiaron cambio_su_adscripcion fue_trasladad* lo_cambiaron_de la_cambiaron_de lo_corrieron la_corrieron se_dio_de_baja ya_no_labora_aqui
		no_sigue_trabajando moved_to left_in is_leaving are_leaving leaves_us fired former_teacher former_student former_employee dead causo_baja
		causaron_baja causara_baja causar_baja se_fue_a_vivir se_fueron se_fue ya_no_sera ya_no_seguira salio_de_la dejo_el_plantel ya_no_esta_inscrit*
		ya_no_esta ya_no_estan termino_la_secundaria se_graduo concluyo_su excompaner* ex_companer* ex_director* exdirector* extrabajador* jubilacion
		pasaron_a_retiro falto_definitivamente has_died left_for is_gone does_not_study here_anymore with_us_anymore at_this_school_anymore ya_no_contamos_con
		ya_no_tenemos_a ya_no_se_encuentra ya_no_seguira_laborando ya_no_va_a_trabajar ya_no_va_a_estar acaba_de_renunciar acaba_de_fallecer acaba_de_jubilar
		ya_no_cursa concluyo_sus_estudios concluyo_su_contrato lo_dieron_de_baja la_dieron_de_baja los_dieron_de_baja se_va_de_la se_va_a_jubilar se_fue_al
		se_paso_a cambio_de_centro cambio_de_turno_a cambio_de_residencia passed_on left_work leaving_the_school`,
	"remove": `eliminar elimine* eliminen borrar borre borren cerrar cierren cierre desactivar desactiven desactive inhabilitar inhabiliten suspender suspendan
		cancelar cancelen cancela cancelo quitar quiten quitarle retirar ya_no_use ya_no_tenga_acceso deje_de_tener delete remove close deactivate disable
		cancel revoke deshabilitar deshabiliten dar_baja tumbar quitenle retirar_el retiren anular_la_cuenta darle_baja closed removed shut_down take_away
		elimina eliminan borra borran cierra cierran desactiva desactivan quita quitas cancelacion eliminacion inhabilita suspenda suspende deletes take_down`,
	"again": `reactiv* rehabilit* volver_a_activar vuelvan_a_activar volver_a_habilitar volver_a_abrir activar_de_nuevo activar_otra_vez activar_nuevamente
		activarla activarlo habilitarla habilitarlo habilitar_de_nuevo habilitar_nuevamente activen activar restaur* reactivate reenable re_enable restore
		activate re_activate unsuspend reopen reactivacion rehabilitacion que_le_activen que_me_activen que_la_activen volver_a_usar vuelva_a_funcionar
		abrir_otra_vez abrir_de_nuevo turn_it_on turn_on turn_back habilit* volver_a_dar_de_alta dar_de_alta_otra_vez dar_de_alta_de_nuevo vuelva_a_activar
		activarse se_active se_activa activarme`,
	"down": `inhabilitad* inhabilitaron inhabilito deshabilit* desactivad* desactivaron desactivo suspendid* suspendieron suspendio eliminad* eliminaron borraron
		borrad* cancelaron cerraron cerrad* dieron_de_baja dio_de_baja fue_dada_de_baja aparece_inactiv* inactiv* disabled deactivated suspended deleted
		was_closed got_closed desactivada desactivado se_desactivo se_deshabilito me_quitaron le_quitaron nos_quitaron esta_dada_de_baja esta_dado_de_baja
		aparece_como_inactiv* aparece_desactivad* ya_no_existe_la desaparecio was_removed was_deleted turned_off shut`,
	"return": `por_error por_equivocacion otra_vez de_nuevo nuevamente de_vuelta de_regreso regreso volvio recuperarla recuperarlo sin_avisar by_mistake again back
		came_back returned ya_regreso ya_volvio reincorpor* se_reincorpora sigo_trabajando sigue_trabajando sigue_laborando sigo_laborando reingres*`,

	// Sign-in.
	"forgot": `olvid* forgot forgotten forgets perdi perdio perdieron extravi* no_recuerd* no_me_acuerdo no_se_acuerd* no_m_acuerdo no_se_la_sabe no_me_la_se
		no_sabe_su no_sabe_la lost don_t_remember can_t_remember doesn_t_remember se_le_fue se_me_fue no_recuerda no_recuerdo no_me_la_aprendi
		no_se_la_aprendio no_la_recuerd* no_tiene_la_contrasen* ni_idea perdido misplaced dont_know don_t_know no_se_cual_es_la no_se_cual_es_mi
		no_se_cual_es_su no_se_la_contra no_tengo_la no_traigo_la dejo_de_acordarse se_olvido se_les_olvido forgotten_password`,
	"cannot": `no_puede no_pueden no_puedo no_podemos no_deja no_me_deja no_lo_deja no_la_deja no_los_deja no_nos_deja no_les_deja no_le_deja ya_no_puede ya_no_puedo
		no_logr* no_se_puede no_abre no_le_abre no_me_abre no_entra no_entran no_me_acepta no_la_acepta no_le_acepta no_acepta no_reconoce no_agarra
		no_le_agarra no_me_permite no_le_permite no_permite no_consig* no_he_podido no_ha_podido me_marca_error le_marca_error marca_error me_saca lo_saca
		la_saca imposible can_t cant cannot could_not couldn_t not_able unable doesn_t_let won_t_let keeps_rejecting not_working doesn_t_work no_me_quiere
		no_le_quiere no_quiere_abrir no_quiere_entrar no_quiere_dejar no_hay_manera no_hay_forma ya_no_me_deja ya_no_le_deja ya_no_lo_deja ya_no_entra
		ya_no_abre batallo batalla batallando trouble problem_with problema problemas fails failed refuses no_carga no_jala no_funciona no_sirve_mi
		no_sirve_el_correo dejo_de_funcionar no_inicia no_logra_entrar no_la_reconoce no_lo_reconoce se_cierra_sola rechaza rechazan stopped_working
		isn_t_working won_t`,
	"enter": `entrar entrarle entra entran entre acced* acceso ingresar ingresa ingrese abrir abre abren iniciar_sesion inicio_de_sesion logue* log_in login
		log_into logging sign_in signin sign_into get_in get_into access acepta reconoce agarra sesion meterme meterse meter loguear accesar accesando accesa
		accese iniciar entro entrando ingresando connect open enter logged correo_no_abre meta metan meto my_email my_account teams_me`,
	"reset": `resete* restablec* reestablec* reset resetting renovar renueven recuperar recuperacion recuperen cambiar_la_contrasen* cambiar_la_clave
		cambiar_contrasen* cambiar_mi_contrasen* cambiar_su_contrasen* nueva_contrasen* otra_contrasen* change_the_password change_my_password new_password
		se_restablece restablece restableciendo restablezc* reestablece reinici* reponer reposicion cambio_de_contrasen* cambio_de_clave generar_contrasen*
		regenerar renew renewed`,
	"wrong": `incorrect* invalid* no_es_correcta erronea equivocada caduc* vencid* vencio expir* no_sirve_la no_funciona_la no_jala_la no_le_sirve ya_no_sirve
		ya_no_funciona wrong expired rejected esta_mal mala errone* fallida caducada expirada denied`,
	"locked": `bloque* locked locked_out blocked hacke* hacked robaron_la robaron_su secuestr* hackeo hackeada hackeado suplant* jaquearon jakearon phishing
		robo_de_cuenta stolen compromised`,
	"code": `un_codigo el_codigo codigo_al codigo_en pide_codigo codigos authenticator autenticador autenticacion verificacion dos_pasos doble_factor mfa
		verification_code security_code code_on code_to mensaje_de_verificacion de_verificacion verificar_con sms clave_dinamica segundo_factor
		cambie_de_celular cambio_de_celular cambie_de_telefono cambie_de_numero otro_celular notificacion_al_celular two_factor 2fa text_message new_phone
		old_phone`,
	"see": `ver veo vea vemos mostrar muestra muestre muestran mostrarme cual_es cual_seria donde dnd ponde encontrar see show where find what_is what_s encuentro
		viene_la saber consultar consulto como_veo ensename ensenar revisar visualizar copiar entrego doy le_doy dar_la dar_le darle por_ningun view display`,
	"arrive": `llega llego llegan llegado llegue mand* envi* recib* receive received get_the gotten got_the arrived sent dan dieron dio entreg* pasar_la pasen_la
		iban_a_dar me_iban van_a_dar falta_la no_viene no_me_aparece no_aparece entregaron dieron_la receives deliver delivered`,

	// A request on its way.
	"howlong": `cuanto_tarda* cuanto_se_tarda* cuanto_tiempo cuanto_demora* cuanto_falta cuanto_dura cuanto_lleva tardan tardara* se_tarda* tarda demora demoran
		cuantos_dias cuantas_semanas cuantas_horas en_cuanto_tiempo que_plazo tiempo_de_espera tiempo_de_respuesta how_long how_many_days how_much_time
		how_soon turnaround tardado tardados tarda_mucho es_rapido tiempo_aproximado tiempo_estimado tiempo_de_entrega tiempo_promedio tiempo_de_resolucion
		cuantos_dias_habiles dura_el_tramite se_lleva_el tiempo_se_lleva tiempo_lleva takes_long take_long does_it_take usually_take processing_time
		how_much_longer much_longer longer cuanto_mas cuanto_es_lo cuanto_es_el cuanto_puede_tardar cuanto_va_a cuanto_suele cuanto_llevan tardar tardarse
		tardarian tardaria cuanto_hay_que_esperar tengo_que_esperar hay_que_esperar espera_para de_un_dia_para tiempos_de tiempo_de_respuesta_manejan
		el_tiempo que_tiempo en_que_tiempo`,
	"when": `cuando para_cuando que_dia que_fecha en_que_fecha a_mas_tardar when by_when what_date pa_cuando hasta_cuando como_cuando mas_o_menos_cuando
		a_partir_de_cuando until`,
	"ready": `listo lista listas listos queda quedan quedara quedaria estara estaria esta estaran entregan entregar entrega tendriamos tendremos tendria ready done
		finished esto resuelven resuelve resolver resuelto dan darian entregarian llegaria llegara salga saldra sale tengan tengamos tenerlo tenerla contestan
		responden works working available get_it autoriz* aprueb* aprob* turn* mandan mandaran llega llegan dan_de_alta activan empieza empezar usar_el use_it
		start`,
	"progress": `ya_quedo ya_quedaron ya_esta ya_estan ya_mero en_que_va en_que_quedo en_que_paro en_que_etapa que_etapa como_va como_van como_sigue que_paso_con
		que_paso que_ha_pasado que_fue_de no_me_han no_nos_han no_han_contest* no_han_respond* no_me_contest* no_contestan nadie_me_ha nadie_me_contesta
		nadie_contesta no_he_recibido_respuesta no_he_tenido_respuesta no_tengo_respuesta sin_respuesta sin_noticias sigo_esperando seguimos_esperando
		sigo_sin seguimos_sin llevo_esperando estatus status estado_de avance avances sigue_en what_happened any_news any_update any_progress update_on how_is
		is_it_ready ready_yet haven_t_heard no_answer still_waiting donde_esta donde_va donde_anda por_donde_va quien_la_tiene quien_tiene quien_lo_tiene
		what_about where_is_my le_dieron_seguimiento seguimiento ya_la_revisaron ya_lo_revisaron ya_la_autorizaron ya_autorizaron ya_la_turnaron ya_turnaron
		novedad novedades alguna_noticia noticias noticia que_onda_con que_paso_pues que_hay_de que_hubo que_hubo_con que_ha_habido como_vamos_con
		como_sigue_mi ya_salio ya_salieron ya_llego_mi ya_estuvo ya_estara ya_hicieron ya_hizo ya_la_hicieron ya_lo_hicieron ya_merito falta_mucho
		me_la_aprobaron la_aprobaron fue_aprobada la_autorizaron fue_autorizada ya_paso ya_resolvieron en_que_estado en_que_estatus en_que_situacion
		como_esta_mi como_esta_la_solicitud situacion_de rastrear checar_mi checar_como revisar_mi_solicitud consultar_mi ver_mi_solicitud saber_de_mi
		hear_back heard_back been_approved was_it_approved is_my_request track check_my check_on progress follow_up pending_request y_mi_correo y_mis_correos
		y_mi_cuenta y_mis_cuentas y_mi_solicitud y_mi_tramite dar_seguimiento darle_seguimiento para_cuando_mi request_approved approved_yet que_hay_con
		que_pasa_con ya_fue_autorizada ya_fue_aprobada ya_la_aprobaron ya_las_autorizaron ya_me_la_autorizaron ya_la_vieron ya_la_recibieron ya_recibieron
		recibieron_mi les_llego_mi llego_mi_solicitud se_recibio mi_solicitud_ya quiero_saber_de que_respuesta hubo_respuesta respuesta_a_mi respuesta_de_mi
		no_contestaron no_responden no_me_responden ningun_aviso ningun_mensaje ningun_correo_de where_is_the where_s_my did_you_get did_you_receive
		approved_my was_my_request still_no`,
	"every": `todas_mis todas_las_solicitudes todos_mis las_que_he las_que_mande mis_solicitudes he_mandado he_enviado he_pedido hemos_enviado hemos_mandado
		historial lista_de_mis all_my my_requests i_have_sent llevo_enviadas llevo_mandadas llevo_hechas mis_tramites mis_peticiones mis_pedidos
		todo_lo_que_he lo_que_he everything_i list_my list_of_my mis_solicitudes_anteriores solicitudes_anteriores ver_mis solicitudes_pasadas`,
	"mistake": `equivoqu* me_equivoqu* puse_mal escribi_mal capture_mal captur*_mal mande_mal anote_mal teclee_mal le_puse_mal puse_otro me_falto_poner
		me_falto_agregar se_me_paso corregir_la_solicitud corregir_mi_solicitud corregir_la_curp mal_capturad* i_made_a_mistake my_mistake made_a_mistake
		i_typed i_wrote i_entered i_put equivocamos meti_mal anote_otro mande_otra mande_otro escribi_otro escribi_otra puse_el_nombre_mal lo_puse_mal
		la_puse_mal lo_escribi la_escribi me_confundi confundi mal_la_curp esta_mal_la_curp me_falto se_me_olvido_poner se_me_olvido_agregar
		error_en_la_solicitud error_en_mi_solicitud error_de_captura error_de_dedo editar_la editar_mi editar_una modificar_la_solicitud
		modificar_mi_solicitud cambiar_un_dato cambiar_algo_de edit_my edit_the typed_the wrong_curp sin_querer puse_otra le_puse_otra le_puse_otro
		detecte_un_error hay_un_error_en_la_solicitud encontre_un_error cometi_un_error la_regue regue tuve_un_error por_error_puse por_error_mande
		datos_equivocados dato_equivocado`,
	"cancelverb": `cancelar cancelo cancelen cancela cancelarla cancel anular anularla ya_no_quiero_la ya_no_necesito_la retirar withdraw anule anulen detener parar
		dar_marcha_atras echar_para_atras me_arrepenti ya_no_la_quiero ya_no_la_necesito ya_no_la_ocupo take_back`,

	// Names and whether there is an account.
	"misspelt": `mal_escrito mal_escrita mal_escritos esta_mal_el_nombre esta_mal_el_apellido mal_el_apellido mal_el_nombre mal_mi_nombre mal_su_nombre salio_con
		salio_mal quedo_mal esta_mal escribieron_mal pusieron_mal aparece_como aparece_con_el_nombre salio_como es_con_z es_con_s es_con_b es_con_v va_con
		se_escribe_con lleva_acento falta_una_letra sobra_una_letra nombre_incorrecto apellido_incorrecto nombre_equivocado apellido_equivocado misspelled
		misspelt wrong_name wrong_surname wrong_last_name typo otro_apellido otro_nombre apellido_mal nombre_mal mal_el_correo viene_mal vienen_mal trae_mal
		tiene_mal_el le_pusieron me_pusieron lo_pusieron la_pusieron no_es_el_mio no_es_mi_nombre falta_el_acento sin_acento falta_mi_segundo no_coincide
		no_corresponde spelled spelling wrong_spelling`,
	"change": `cambiar cambio cambien cambiarle cambie cambiarme modificar modifiquen corregir corregirle corrijan corrija actualizar actualicen rectificar change
		changed correct fix update modificacion correccion actualizacion cambiaron cambiarlo cambiarla modifique rename renamed replace corrijo corrijen
		corrige corrigen corregirse`,
	"amiss": `mal incorrect* incomplet* equivocad* erroneo erronea diferente distinto otro falta sobra no_es_mi no_es_su no_es_el wrong incomplete different missing
		incorrectly al_reves volteado volteados invertid* cambiado cortado chueco error errores no_lleva le_quitaron_el sin_el_segundo`,
	"truly": `y_soy y_es pero_es pero_soy y_se_llama pero_se_llama y_me_llamo pero_me_llamo but_it_is but_it_s but_her_name but_his_name but_my_name should_be
		it_should deberia_ser debe_ser debe_decir deberia_decir`,
	"married": `me_case se_caso casada boda divorci* married wedding maiden`,
	"exists": `ya_tiene_cuenta ya_tiene_correo ya_tiene_una ya_tienen_correo ya_tienen_cuenta ya_cuenta_con ya_cuentan_con ya_existe si_existe si_tiene si_ya_tiene
		si_tienen tiene_cuenta tiene_correo tendra_correo tendra_cuenta cual_es_el_correo cual_es_su_correo cual_es_mi_correo que_correo_tiene que_correo_le
		no_se_mi_correo no_se_cual_es_mi_correo no_se_el_correo saber_el_correo saber_su_correo saber_mi_correo already_has already_have already_has_an
		has_an_account have_an_account what_is_the_email what_is_her_email what_is_his_email what_s_the_email which_email correo_asignado cuenta_asignada
		tiene_asignad* si_la_maestra_ya si_el_maestro_ya si_ya_esta_dado dado_de_alta_ya ya_esta_dado_de_alta ya_esta_dada_de_alta ya_esta_registrad*
		existe_una_cuenta existe_el_correo que_correo_es already_an_account there_an_account have_an_account_already esta_registrado_el esta_registrada_la
		si_hay_cuenta hay_cuenta_de hay_correo_de existe_cuenta existe_correo tiene_ya_correo tiene_ya_cuenta cuenta_ya_con_correo buscar_el_correo
		buscar_la_cuenta consultar_el_correo consultar_si verificar_si_tiene verificar_si_ya does_he_have does_she_have is_there_already`,

	// The office.
	"talk": `hablar_con hablar_a hablo_con hablarle comunicarme comunico comunicar_con contactar contacto contactarme hay_alguien alguien_ahi alguien_que_me humano
		humana persona_real persona_de_verdad una_persona ser_humano me_llamen llamenme marquenme me_marquen me_atienda me_atiendan con_quien_hablo
		con_quien_me con_quien_puedo a_quien_le a_quien_puedo a_quien_acudo quien_me_puede quien_me_ayuda encargad* robot asesor operador* mesa_de_ayuda
		soporte talk_to speak_to speak_with talk_with human real_person someone_from somebody contact_details contact helpdesk help_desk support comunicarnos
		comunicar atencion_personal en_persona alguien_me_explique alguien_me_ayude alguien_me_atienda atienda_alguien atienda_una hablar_por
		hablar_directamente por_telefono denme_un_numero dame_un_numero un_numero_para numero_para llamarles llamarlos llamada marcarles licenciado ingeniero
		jefe_de con_el_jefe con_la_jefa tecnico representante person_i_can a_person an_agent operator in_person numero_de_alguien contacto_de
		alguien_de_sistemas alguien_de_la alguien_del alguien_con_quien alguien_para alguien_mas alguna_persona hablar_ya hablar hablarles platicar
		atencion_a_usuarios contesten contesta_alguien quien_contesta responsable_de licenciada ingeniera talk agent staff_member`,
	"phone": `telefono telefonos extension numero_de_telefono a_que_numero marcar marco llamar llamo phone call conmutador celular_de whatsapp watsap guasap wasap`,
	"office": `horario horarios a_que_hora hasta_que_hora hora_de_atencion que_horas que_dias_atienden abren cierran atienden trabajan_los ubicad* ubicacion ubican
		domicilio donde_estan oficinas en_que_edificio que_direccion como_llego_a office_hours opening_hours your_office what_time where_are_you_located
		que_dias_abren en_que_horario sabados domingos abierto abierta cerrado por_donde_quedan en_donde_quedan donde_quedan donde_se_encuentran_ustedes
		fisicamente en_que_piso que_piso opening closing_time located address_of_your`,
	"english": `english ingles`,
	"spanish": `spanish espanol castellano`,
	"subject": `de_ingles english_teacher of_english teaches_english`,

	"thanks": `gracias agradezco agradecid* thanks thank_you thx cheers amable adios hasta_luego nos_vemos bye bonita_tarde bonito_dia buen_fin excelente_dia bendiga
		bendiciones great_job agradecido agradecida bendicion muy_atent* saludos_cordiales quedo_atent* hasta_manana hasta_pronto que_este_bien que_descanse
		genial super excelente perfecto appreciate have_a_nice goodbye see_you thank muy_bien entendido enterado enterada quedo_claro me_quedo_claro
		lo_agradezco se_agradece mil_gracias`,
	"hello": `hola buenas buenos_dias buen_dia que_tal hello hi hey good_morning good_afternoon buenas_noches que_onda holi holis saludos good_evening greetings`,
	"insult": `porqueria basura inutil inutiles no_sirve no_sirves no_sirven pinche pendej* ching* mierda idiot* estupid* tont* burro burros es_el_colmo pesimo
		pesima mal_servicio verguenza queja quejarme burla ridicul* harto harta hartos no_entiendes no_entiende_nada puras_vueltas falta_de_respeto
		incompeten* molesto molesta enojad* inept* useless terrible awful worst ridiculous complain complaint stupid garbage hate nobody_helps waste_of
		no_sirven_para puro_cuento nunca_resuelven nadie_resuelve no_resuelven perdida_de_tiempo me_hacen_perder tres_veces_que otra_vez_lo_mismo
		siempre_lo_mismo fastidi* cansada_de cansado_de coraje inconforme inconformidad quejo reclamo reclamar asco lentos fatal malisimo malisima inservible
		carajo mugre mugroso maldit* joder wtf sucks broken crap frustrat* unacceptable annoying angry decepcion* desesper* que_mala_atencion mala_atencion
		mal_atendid* enojo enojada que_coraje no_puede_ser nadie_hace_nada no_hacen_nada flojos burocra* incapaces vergonzoso decepcionante worthless fed_up
		joke slow`,

	// What is asked for, and why.
	"privacy": `privacidad datos_personales mis_datos sus_datos mi_informacion su_informacion privacy personal_data my_data their_data confidencial* confidential
		proteccion_de_datos aviso_de_privacidad aviso_legal uso_de_datos derechos_arco proteg* datos_de_los_alumnos datos_de_los_menores datos_de_mis
		datos_de_los_maestros quien_puede_ver quien_tiene_acceso_a_los uso_de_la_curp data_of protect`,
	"reason": `para_que por_que quien_ve quien_la_ve quien_va_a quien_la_va quienes_ven quien_los confianza es_seguro seguro segura seguridad proteg* guardan guarda
		uso_que why safe what_for who_sees do_you_need que_hacen_con que_van_a_hacer para_que_la para_que_la_quieren con_que_fin obligatori*
		con_quien_la_comparten comparten publica is_it_safe safe_to what_happens what_do_you_do`,
	"who": `quien_autoriza quienes_autorizan quien_aprueba quien_firma quien_revisa quien_decide quien_da_el quien_la_autoriza quien_tiene_que_autorizar
		quien_debe_autorizar who_approves who_authori* who_decides who_reviews who_signs quien_tiene_que quien_debe quien_es_el_que_autoriza
		quien_da_la_autorizacion quien_da_el_visto quien_me_autoriza quien_me_firma quien_la_firma quien_lo_autoriza quien_lo_firma de_quien_depende
		quien_resuelve who_has_to who_needs_to who_must quien_da quien_otorga quien_va_a_autorizar quien_va_a_firmar quien_la_aprueba quien_lo_aprueba
		quienes_firman quienes_revisan quien_toma_la_decision`,
	"needs": `requisit* que_necesito que_se_necesita que_necesitan que_ocupo que_ocupan que_datos que_documento que_documentos que_papeles que_informacion que_piden
		que_debo que_tengo_que que_hay_que adjunt* requirements what_do_i_need what_documents what_information what_data what_do_you_need que_documentacion
		documentacion documentos papeleria que_llevar que_me_piden que_se_requiere que_se_ocupa que_debe que_datos_llev* what_is_needed what_is_required
		what_papers que_cosas que_es_lo_que_necesito que_es_lo_que_piden que_informacion_necesito que_info que_es_necesario necesario_para what_should_i
		what_is_necessary what_do_you_ask`,
	"list": `excel listado una_lista un_archivo plantilla varias_listas csv masiv* por_lote de_golpe todos_juntos subo subir cargar cargo hoja_de_calculo
		spreadsheet upload bulk all_at_once archivo varios_a_la_vez muchos_a_la_vez todos_a_la_vez todo_el_grupo grupo_completo tabla relacion_de pegar
		copiar_y_pegar several_at_once whole_class many_at_once file uno_por_uno de_uno_en_uno uno_a_uno una_por_una varios_alumnos muchos_alumnos
		varios_maestros muchos_maestros capturar_todos capturarlos one_by_one`,
	"letter": `oficio_de_respuesta oficio_de_contestacion respuesta_oficial oficio_firmado contestacion_del_oficio respuesta_al_oficio respuesta_del_oficio acuse
		letter_of_reply reply_letter official_reply contestacion_por_oficio por_escrito respuesta_por_escrito oficio_de_entrega constancia_de_la_cuenta
		written_reply`,
	"ability": `que_haces que_puedes que_hace que_puedo_pedir que_puedo_hacer que_sabes para_que_sirves para_que_sirve_esto como_funciona como_te_uso que_eres
		no_se_que_hacer no_entiendo instrucciones what_can_you what_do_you_do how_does_this_work que_mas_haces que_otras_cosas en_que_me_puedes en_que_ayudas
		para_que_eres tu_para_que como_se_usa como_te_llamas quien_eres que_es_esto que_es_altas opciones menu_de instructions who_are_you what_is_this`,

	// Approvers and the head of department.
	"pending": `pendiente pendientes por_turnar por_autorizar por_revisar por_firmar por_resolver por_atender por_aprobar falta_por faltan_por atorad* detenid*
		trabad* sin_resolver sin_atender que_tengo_que_revisar que_me_toca waiting_for_me stuck to_review to_approve on_my_desk faltan_turnar me_faltan_por
		nuevas_solicitudes solicitudes_nuevas algo_nuevo alguna_nueva por_despachar que_tengo_hoy trabajo_hay rezag* sin_turnar sin_autorizar sin_revisar
		sin_firmar sin_decidir parad* esperando_mi esperan_mi needs_my anything_new waiting_on sin_procesar algo_por algo_para_turnar algo_para_autorizar
		que_hay_para que_hay_por hay_solicitudes hay_algo que_me_falta que_falta que_sigue que_esta_esperando que_esta_en_espera casos_abiertos por_decidir`,
	"done": `ya_la_turne ya_lo_turne ya_las_turne ya_los_turne ya_turne ya_la_autorice ya_las_autorice ya_lo_autorice ya_autorice ya_la_firme ya_las_firme
		ya_la_aprobe ya_aprobe ya_la_pase ya_las_pase ya_la_revise ya_quedo_turnada already_turned already_approved already_passed ya_la_turnamos
		ya_las_turnamos ya_la_despache ya_la_mande ya_le_di_turno ya_le_di_visto ya_la_atendi ya_esta_turnada ya_quedo_autorizada i_already`,
	"approve": `turnar turnala turnalas turnalos turnen turnenla turne turna pasala pasalas apruebo aprueba aprueben apruebenla apruebala aprobar aprobada autorizala
		autorizalas autorizado autorizada autoricen autoricenla autorizo adelante procede visto_bueno vobo go_ahead approve approved pasen pasenla pasenlas
		denle_tramite dele_tramite esta_correcta esta_bien_la todo_bien sin_observaciones de_acuerdo_con aceptad* aceptar acepto visto_buena looks_good
		autoriz* turn* aprob* firmala firmalas firmenla acepta liberala libera`,
	"giveback": `devuel* regresala regresalas regresalo regresenla regresenlo regresenlas regresarla devolverla devolverlo rechaz* que_la_corrijan send_it_back
		return_it reject_it devuelta regresada regrese_la regresar no_procede no_la_autorizo no_la_apruebo no_la_turne negada negar return_this send_back`,
	"absent": `vacaciones incapacidad no_voy_a_estar no_estare salgo_de me_ausento ausencia comision fuera_de_la_oficina on_vacation on_leave out_of_office no_estoy
		dias_libres salgo_el me_voy_de estare_fuera voy_a_salir permiso_economico licencia_medica me_operan away`,
	"byme": `por_mi en_mi_lugar mi_suplente suplente me_suple me_cubre cubra supla quien_firma quien_autoriza quien_turna quien_se_queda in_my_place for_me
		substitute alguien_mas_autorice otra_persona_autorice encargo dejar_a_alguien quien_me_reemplaza reemplazo covers_for someone_else_approve`,
	"count": `cuantas cuantos quedan hay disponibles libres alcanzan how_many left available tenemos cuantas_tenemos sobran sobra restan free remaining queda cuanta
		stock inventario existencia quedaron remain`,
	"queue": `cola fila en_espera queue esperando_licencia formadas formados line waiting_list`,
	"figures": `reporte estadistic* cuantas_cuentas cuantas_solicitudes como_vamos cuanto_llevamos numeros_del informe_de report statistics how_are_we_doing
		how_many_accounts how_many_requests resumen cuantas_van cuantas_llevamos cuantos_correos_hemos cuantas_hemos cuantas_se_han cuantas_altas totales
		total_de indicadores summary cuantas_van_este cuantas_hicimos cuantas_hice estadisticas datos_del_mes balance monthly weekly`,
}

// ordinaryWords are one letter from a word of the concepts, and are words of their own.
const ordinaryWords = `cuesta cuestan cuento cuentos cuelga cuerda corre correr corredor alumbra escuelas persona personas personales directo directos clase clases
	ayuda ayudar manana nombrar pasada casado casados llegar llevar quedar entero entrada entradas puesto quinto salida salidas tarde tardes cerca enviar enviado
	cuarto cuenten hacemos semana mesa lista listo sale salen`
